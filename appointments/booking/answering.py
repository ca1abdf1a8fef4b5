"""The links in messages. Whoever opens one only looks, be it a person or a program that previews it: a tap answers.

No session and no cookie is needed, so a link works in the browser inside a chat: the link itself is the right to
answer, and nobody else's page can know it. That is why the forms carry no token against forgery.
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
from centers.people import rate_limits
from portal.ui.errors import RuleBroken, TooMany

Did = LinkUse.Did
ANSWERS = {"come": Did.CONFIRMED, "cancel": Did.CANCELLED}


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """Will you come? 我会来 or 来不了."""
    try:
        asked = rate_limits.find_by_link(request, token, to_answer)
    except TooMany as refusal:
        return unknown(request, refusal)
    if asked is None:
        return unknown(request)
    refused = None
    if request.method == "POST" and (did := ANSWERS.get(request.POST.get("answer", ""))):
        try:
            answers.answer(asked=asked, did=did)
        except RuleBroken as broken:
            refused = broken
        else:
            return redirect("answer", token)
    return private(render(request, "appointments/booking/answer.html", _context(asked, refused)))


def _context(asked: Answerable, refused: RuleBroken | None) -> dict:
    appointment, use = asked.appointment, answers.used(asked)
    state = slip.said(appointment)
    is_open = use is None and appointment.status == Status.BOOKED and timezone.now() < appointment.starts_at
    if use and use.did == Did.CONFIRMED and appointment.status == Status.BOOKED:
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
