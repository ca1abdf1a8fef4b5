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
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from appointments.booking import answers, slip
from appointments.booking.confirmation import Answerable, to_answer
from appointments.booking.displaced import find
from appointments.booking.models import LinkUse, Status
from centers.people import rate_limits
from portal.ui.errors import RuleBroken, TooMany
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
    """Asks whether the person will come: 我会来 or 来不了."""
    refused = None
    if request.method == "POST" and (given := ANSWERS.get(request.POST.get("answer", ""))):
        try:
            answers.record(answerable=answerable, answer=given)
        except RuleBroken as broken:
            refused = broken
        else:
            return redirect(request.path)
    return render(request, "appointments/booking/answer.html", _context(answerable, refused), status=status_of(refused))


def _context(answerable: Answerable, refused: RuleBroken | None) -> dict:
    appointment, use = answerable.appointment, answers.use_of(answerable)
    displaced = find(appointment)
    state = slip.headline(appointment, displaced)
    is_open = use is None and appointment.status == Status.BOOKED and timezone.now() < appointment.starts_at
    if use and use.did == Answer.CONFIRMED and appointment.status == Status.BOOKED and not displaced:
        state = {"tone": "good", "word": _("会来"), "title": _("好的，记下您会来")}
    return {
        "appointment": appointment,
        "center": appointment.center,
        "state": state,
        "use": use,
        "is_open": is_open,
        "displaced": displaced,
        "refused": refused,
        "late": slip.consequence(appointment) if is_open and appointment.is_past_cutoff() else "",
    }


def _unknown(request: HttpRequest, refusal: TooMany | None = None) -> HttpResponse:
    context, status = {"refusal": refusal}, status_of(refusal) or 404
    return render(request, "appointments/booking/unknown_link.html", context, status=status)
