"""Views behind links in messages that ask for an answer. GET changes nothing (chat apps prefetch links), POST answers.

Works without session and cookie, so that links open in in-app browsers. The token in the URL is the authorization and
is unknown to other sites, which is why these forms are exempt from CSRF protection.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from appointments.booking import answers, services, slip
from appointments.booking.confirmation import Answerable, answer_token, to_answer
from appointments.booking.displaced import Displaced, find, is_elsewhere, others_than
from appointments.booking.models import Appointment, LinkUse, Status
from appointments.slots.models import Slot
from centers.people import rate_limits
from portal.ui.errors import RuleBroken, TooMany
from portal.ui.params import number
from portal.ui.responses import private, status_of

Answer = LinkUse.Answer
ANSWERS = {"come": Answer.CONFIRMED, "cancel": Answer.CANCELLED}


def by_token(find: Callable[[str], Any]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorator: passes what `find` returns for the token to the view. A wrong token counts against the rate limit."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_not_required
        @csrf_exempt
        @private
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def answer(request: HttpRequest, token: str) -> HttpResponse:
            try:
                found = rate_limits.find_by_link(request, token, find)
            except TooMany as refusal:
                return _unknown(request, refusal)
            return _unknown(request) if found is None else view(request, found)

        return answer

    return decorate


@by_token(to_answer)
def booking(request: HttpRequest, answerable: Answerable) -> HttpResponse:
    """Asks whether the person will come: 我会来 or 来不了; of a displaced booking also for which other time."""
    if answerable.is_old:
        return redirect(_page_of(answerable)) if _is_time_of(request, answerable) else _unknown(request)
    displaced, refused = find(answerable.appointment), None
    try:
        if request.method == "POST" and "slot" in request.POST:
            return redirect(_move(request, answerable, displaced))
        if request.method == "POST" and (given := ANSWERS.get(request.POST.get("answer", ""))):
            answers.record(answerable=answerable, answer=given)
            return redirect(request.path)
    except RuleBroken as broken:
        refused = broken
    context = _context(answerable, displaced, refused)
    context["moved"] = "moved" in request.GET and not displaced
    return render(request, "appointments/booking/answer.html", context, status=status_of(refused))


def _move(request: HttpRequest, answerable: Answerable, displaced: Displaced | None) -> str:
    """Move to the time that was tapped; returns the address of the new page, since this link is for the old time."""
    if displaced is None:
        raise RuleBroken(_("您约的时间又能办了，没有改。要改时间，请用预约码查。"), code="not_displaced")
    slot = _asked_slot(request, answerable)
    if slot is None:
        raise RuleBroken(_("这个时间没有了。请另选一个。"), code="slot_gone")
    with rate_limits.counting_move(request, answerable.appointment.phone):
        services.move(appointment=answerable.appointment, slot=slot)
    return _page_of(answerable)


def _page_of(answerable: Answerable) -> str:
    """Of the new time, for whoever had the link of the old one and moved by it."""
    appointment = Appointment.objects.get(pk=answerable.appointment.pk)
    return reverse("answer", args=[answer_token(appointment, answerable.tag)]) + "?moved=1"


def _is_time_of(request: HttpRequest, answerable: Answerable) -> bool:
    """The same step once more: it was moved there already (idempotent)."""
    slot = _asked_slot(request, answerable)
    return slot is not None and slot.starts_at == answerable.appointment.starts_at


def _asked_slot(request: HttpRequest, answerable: Answerable) -> Slot | None:
    return Slot.objects.filter(
        pk=number(request.POST.get("slot")), center=answerable.appointment.center.present
    ).first()


def _context(answerable: Answerable, displaced: Displaced | None, refused: RuleBroken | None) -> dict:
    appointment, use = answerable.appointment, answers.use_of(answerable)
    state = slip.headline(appointment, displaced)
    is_open = use is None and appointment.status == Status.BOOKED and timezone.now() < appointment.starts_at
    if use and use.did == Answer.CONFIRMED and appointment.status == Status.BOOKED and not displaced:
        state = {"tone": "good", "word": _("会来"), "title": _("好的，记下您会来")}
    return {
        "appointment": appointment,
        "center": appointment.place,
        "state": state,
        "use": use,
        "is_open": is_open,
        "elsewhere": appointment.status == Status.BOOKED and is_elsewhere(appointment),
        "displaced": displaced,
        "moved_to": others_than(displaced.appointment) if displaced else [],
        "refused": refused,
        "late": slip.consequence(appointment) if is_open and appointment.is_past_cutoff() else "",
    }


def _unknown(request: HttpRequest, refusal: TooMany | None = None) -> HttpResponse:
    context, status = {"refusal": refusal}, status_of(refusal) or 404
    return render(request, "appointments/booking/unknown_link.html", context, status=status)
