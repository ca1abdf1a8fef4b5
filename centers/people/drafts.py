"""What somebody has typed into the booking form and wants to take along while choosing another time.

Kept in the session and not in the address, where names and numbers would end up in logs; for a
short while only, because a village shares its computers.
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
