"""Drafts of the booking form in the session, while the visitor chooses another time.

Not in the URL, where names and numbers would end up in access logs. A draft belongs to one form: it is found by the
form's idempotency key, which the addresses of the times carry, and by nothing else, because the next villager at the
hall's computer has the same session. It expires soon.
"""

import time

from django.http import HttpRequest

MINUTES = 20
MOST = 3
FIELDS = ("who", "name", "phone", "contact_name", "relation", "party_size", "note")
PARAMETER = "draft"
_SESSION_KEY = "booking_drafts"


def save(request: HttpRequest, key: str) -> None:
    typed = {field: request.POST.get(field, "")[:200] for field in FIELDS}
    others = [one for one in _current(request) if one["key"] != key]
    request.session[_SESSION_KEY] = [*others, {"key": key, "until": time.time() + MINUTES * 60, "typed": typed}][-MOST:]


def load(request: HttpRequest) -> dict[str, str]:
    """Initial data of the form to which the address belongs, its key included; empty for any other."""
    key = request.GET.get(PARAMETER)
    if not key:
        return {}  # without asking for a session: anonymous reads have none
    return next((one["typed"] | {"key": key} for one in _current(request) if one["key"] == key), {})


def clear(request: HttpRequest, key: str) -> None:
    if _SESSION_KEY in request.session:
        request.session[_SESSION_KEY] = [one for one in _current(request) if one["key"] != key]


def query_of(request: HttpRequest) -> str:
    """`draft=…` for the addresses of a page that leads back to the form; "" without a draft."""
    found = load(request)
    return f"{PARAMETER}={found['key']}" if found else ""


def _current(request: HttpRequest) -> list[dict]:
    return [one for one in request.session.get(_SESSION_KEY, ()) if one["until"] > time.time()]
