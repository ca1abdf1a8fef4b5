"""What a villager's browser does with the booking form."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse


def who_url(slot, item) -> str:
    return reverse("book_who", args=[slot.center.code, item.code, slot.pk])


def key_in(response) -> str:
    return re.search(r'name="key" value="([0-9a-f]{32})"', response.content.decode())[1]


def answers(key: str, **changed) -> dict[str, str]:
    """The filled-in form of somebody who books for herself."""
    return {"key": key, "who": "self", "name": "李秀英", "phone": "13700001111", "party_size": "1"} | changed


def book(client, slot, item, **changed):
    """Open the form, fill it in, send it; gives the last answer."""
    url = who_url(slot, item)
    return client.post(url, answers(key_in(client.get(url)), **changed))


def queries_of(client, url: str) -> int:
    """Number of queries of a page."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
