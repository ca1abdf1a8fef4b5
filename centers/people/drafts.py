"""Drafts of the booking form, while the visitor chooses another time (portal.accounts.short_lived).

Not in the URL, where names and numbers would end up in access logs. A draft belongs to one form: it is found by the
form's idempotency key, which the addresses of the times carry, and by nothing else, because the next villager at the
hall's computer has the same session. It is gone soon, and whenever somebody signs in or out.
"""

import time

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from portal.accounts import short_lived

MINUTES = 20
MOST = 3
FIELDS = ("who", "name", "phone", "contact_name", "relation", "party_size", "note")
PARAMETER = "draft"
_NAME = "drafts"


def save(request: HttpRequest, key: str) -> None:
    typed = {field: request.POST.get(field, "")[:200] for field in FIELDS}
    others = [one for one in _current(request) if one["key"] != key]
    mine = {"key": key, "until": time.time() + MINUTES * 60, "typed": typed}
    short_lived.put(request, _NAME, [*others, mine][-MOST:], minutes=MINUTES)


def load(request: HttpRequest) -> dict[str, str]:
    """Initial data of the form to which the address belongs, its key included; empty for any other."""
    key = request.GET.get(PARAMETER)
    if not key:
        return {}  # without asking for a session: anonymous reads have none
    return next((one["typed"] | {"key": key} for one in _current(request) if one["key"] == key), {})


def clear(request: HttpRequest, key: str) -> None:
    found = _current(request)
    if left := [one for one in found if one["key"] != key]:
        short_lived.change(request.session, _NAME, left)
    elif found:
        short_lived.drop(request.session, _NAME)


def query_of(request: HttpRequest) -> str:
    """`draft=…` for the addresses of a page that leads back to the form; "" without a draft."""
    found = load(request)
    return f"{PARAMETER}={found['key']}" if found else ""


def _current(request: HttpRequest) -> list[dict]:
    return [one for one in short_lived.get(request.session, _NAME) or () if one["until"] > time.time()]


def connect() -> None:
    for signal in (user_logged_in, user_logged_out):
        signal.connect(_forget, dispatch_uid="drafts")


def _forget(sender, request: HttpRequest | None, **kwargs) -> None:
    """Whoever signs in, or comes after somebody who signed out, may be another person."""
    if request is not None:
        short_lived.drop(request.session, _NAME)
