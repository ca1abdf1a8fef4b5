"""Answering the page that asks before a change of which bookings it touches."""

import re
from html import unescape


def answer_to(page: str, tell: str = "message") -> dict[str, list[str]]:
    """All that the page sends again, and how people are told."""
    answer: dict[str, list[str]] = {"tell": [tell]}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        if name not in ("csrfmiddlewaretoken", "next"):
            answer.setdefault(unescape(name), []).append(unescape(value))
    return answer


def agreed(client, page: str, sent: dict, tell: str = "message"):
    """Send, and answer the page that asks."""
    asks = client.post(page, sent).content.decode()
    assert "这会碰到" in asks
    return client.post(page, answer_to(asks, tell))
