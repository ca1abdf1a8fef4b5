"""Links in messages that ask for an answer. GET never changes anything (chat apps prefetch links); a POST answers.

Works without session and cookie, so that links open in in-app browsers. The token in the URL is the authorization and
is unknown to other sites, which is why these forms are exempt from CSRF protection.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from appointments.booking import answers, slip
from appointments.booking.confirmation import Answerable, to_answer
from appointments.booking.models import LinkUse, Status
from centers.people import pace
from portal.ui.errors import RuleBroken, TooMany

Answer = LinkUse.Answer
ANSWERS = {"come": Answer.CONFIRMED, "cancel": Answer.CANCELLED}


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """Asks whether the person will come: 我会来 or 来不了."""
    try:
        answerable = pace.tapped(request, token, to_answer)
    except TooMany as refusal:
        return unknown(request, refusal)
    if answerable is None:
        return unknown(request)
    refused = None
    if request.method == "POST" and (given := ANSWERS.get(request.POST.get("answer", ""))):
        try:
            answers.record(answerable=answerable, answer=given)
        except RuleBroken as broken:
            refused = broken
        else:
            return redirect("answer", token)
    return private(render(request, "appointments/booking/answer.html", _context(answerable, refused)))


def _context(answerable: Answerable, refused: RuleBroken | None) -> dict:
    appointment, use = answerable.appointment, answers.use_of(answerable)
    state = slip.headline(appointment)
    is_open = use is None and appointment.status == Status.BOOKED and timezone.now() < appointment.starts_at
    if use and use.did == Answer.CONFIRMED and appointment.status == Status.BOOKED:
        state = {"tone": "good", "word": _("会来"), "title": _("好的，记下您会来")}
    return {
        "appointment": appointment,
        "center": appointment.center,
        "state": state,
        "use": use,
        "is_open": is_open,
        "refused": refused,
        "late": slip.consequence(appointment) if is_open and appointment.is_past_cutoff() else "",
    }


def unknown(request: HttpRequest, refusal: TooMany | None = None) -> HttpResponse:
    context = {"refusal": refusal}
    return private(render(request, "appointments/booking/unknown_link.html", context, status=429 if refusal else 404))


def private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
