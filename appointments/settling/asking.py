"""Asks before a change that displaces bookings: it is rehearsed, and a page names whom it touches."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from appointments.booking.displaced import Displaced
from appointments.settling.forms import TellForm
from appointments.settling.services import whom_it_touches
from appointments.settling.telling import staff_will_call
from centers import access
from portal.accounts.roles import Permission
from portal.ui.responses import CONFLICT, UNPROCESSABLE

# What the page asks for itself; all else that was sent is sent again with the answer.
OWN = {"csrfmiddlewaretoken", "tell", "sure"}
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Made:
    """`page` asks, and nothing was changed; without it `result` is what the change returned."""

    page: HttpResponse | None
    result: Any
    touched: int


def change_or_ask(
    request: HttpRequest,
    change: Callable[[], Any],
    *,
    question: str | Promise,
    action: str | Promise,
    back_url: str,
    always: bool = False,
    version: str = "",
    notes: Sequence[str] = (),
    rehearsal: Callable[[], Any] | None = None,
) -> Made:
    """For settings.CHANGE_OR_ASK: change, unless bookings are touched and nobody has said how people are told.

    `change` runs two times, and the first is rolled back: it must work on rows of its own, because a saved instance
    would keep the primary key that SQLite then gives to somebody else's. `rehearsal`: runs the first time in its place.
    `always`: ask also if nobody is touched. `version`: of what is changed; the answer is for what the page has shown,
    and is asked again if others are touched by then. `notes`: what else it comes to, one sentence each.
    Raises what `change` raises.
    """
    tell = TellForm(request.POST if "sure" in request.POST else None)
    touched = whom_it_touches(rehearsal or change)
    shown = _fingerprint(touched, version)
    is_old = tell.is_bound and request.POST["sure"] != shown
    if not always and not is_old and (not touched or tell.is_valid()):
        with staff_will_call() if touched and tell.by_call else nullcontext():
            return Made(None, change(), len(touched))
    context = {
        "touched": touched[:SHOWN],
        "number": len(touched),
        "more": max(len(touched) - SHOWN, 0),
        "with_center": len({one.appointment.center_id for one in touched}) > 1,
        "can_see_names": _can_see_names(request, touched),
        "form": tell if touched else None,
        "shown": shown,
        "is_old": is_old,
        "stay_url": back_url,
        "sent": [(name, one) for name, every in request.POST.lists() if name not in OWN for one in every],
        "question": question,
        "action": action,
        "notes": notes,
        "back_url": back_url,
    }
    status = CONFLICT if is_old else UNPROCESSABLE if tell.is_bound else None
    return Made(render(request, "appointments/settling/ask.html", context, status=status), None, len(touched))


def _fingerprint(touched: list[Displaced], version: str) -> str:
    said = [version, *sorted(f"{one.appointment.pk} {one.appointment.starts_at}" for one in touched)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _can_see_names(request: HttpRequest, touched: list[Displaced]) -> bool:
    centers = {one.appointment.center for one in touched[:SHOWN]}
    return all(access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center) for center in centers)
