"""Draft of the booking form in the session, while the visitor chooses another time.

Not in the URL, where names and numbers would end up in access logs. It expires soon, because computers are shared.
"""

import time

from django.http import HttpRequest

MINUTES = 20
FIELDS = ("who", "name", "phone", "contact_name", "relation", "party_size", "note")
_SESSION_KEY = "booking_draft"


def save(request: HttpRequest) -> None:
    typed = {field: request.POST.get(field, "")[:200] for field in FIELDS}
    request.session[_SESSION_KEY] = {"until": time.time() + MINUTES * 60, "typed": typed}


def load(request: HttpRequest) -> dict[str, str]:
    draft = request.session.get(_SESSION_KEY)
    return draft["typed"] if draft and draft["until"] > time.time() else {}


def clear(request: HttpRequest) -> None:
    request.session.pop(_SESSION_KEY, None)
