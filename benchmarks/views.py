"""Bare views: Django, the same middleware, driver and rows, and no product code."""

import json
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import engines
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from appointments.models import Appointment, Slot, Ticket
from benchmarks.models import BareBooking
from portal.ui.days import midnight

PAGE = engines["django"].from_string(
    "<!doctype html><title>bare</title><ul>"
    "{% for slot in slots %}<li>{{ slot.when }} {{ slot.free }}</li>{% endfor %}</ul>"
)

_MARKS = "".join(
    f'<button form="marks" formaction="/x/{{{{ one.pk }}}}/{mark}/" id="{mark}-{{{{ one.pk }}}}">{word}</button>'
    for mark, word in (("arrive", "已到"), ("serve", "已办"), ("miss", "未到"), ("undo", "撤回"))
)
DESK = engines["django"].from_string(
    "<!doctype html><title>bare</title><table>"
    '{% for one in booked %}<tr><td>{{ one.starts_at|time:"H:i" }} {{ one.code }}<td>{{ one.ticket.number }}'
    " {{ one.resident.name }} {{ one.phone }}<td>{{ one.item }} {{ one.get_channel_display }} {{ one.booked_by }}"
    f"<td>{{{{ one.status.label }}}}<td>{_MARKS}{{% endfor %}}"
    '{% for one in numbers %}<tr><td>{{ one.taken_at|time:"H:i" }}<td>{{ one.number }}<td>{{ one.item }}'
    f"<td>{{{{ one.state.label }}}}<td>{_MARKS}{{% endfor %}}</table>"
)


def _rows(center: int, count: int):
    tomorrow = midnight(timezone.localdate() + timedelta(days=1))
    within = (tomorrow, tomorrow + timedelta(days=count))
    slots = Slot.objects.filter(center=center, closed_at=None, starts_at__range=within).order_by("starts_at")
    return slots.values_list("pk", "starts_at", "ends_at", "online_places", "online_taken")


@login_not_required
def bare_json(request: HttpRequest, center: int) -> HttpResponse:
    rows = [
        {"id": pk, "starts_at": start.isoformat(), "ends_at": end.isoformat(), "free": places - taken}
        for pk, start, end, places, taken in _rows(center, 1)
    ]
    return JsonResponse(rows, safe=False)


@login_not_required
def bare_page(request: HttpRequest, center: int) -> HttpResponse:
    slots = [
        {"when": f"{start:%H:%M}", "free": places - taken} for _pk, start, _end, places, taken in _rows(center, 14)
    ]
    return HttpResponse(PAGE.render({"slots": slots}, request))


def bare_signed_in(request: HttpRequest) -> HttpResponse:
    """An empty page for a signed-in user: session, user, layout."""
    return render(request, "base.html")


def bare_desk(request: HttpRequest, center: int) -> HttpResponse:
    """A day's people with four buttons each, in plain Django."""
    today = timezone.localdate()
    booked = Appointment.objects.filter(center=center, starts_at__date=today)
    booked = booked.select_related("resident", "ticket").prefetch_related("item", "booked_by")
    numbers = Ticket.objects.filter(center=center, day=today, appointment=None).prefetch_related("item")
    people = {"booked": booked.order_by("starts_at"), "numbers": numbers.order_by("number")}
    return HttpResponse(DESK.render(people, request))


@csrf_exempt
@login_not_required
def bare_book(request: HttpRequest) -> HttpResponse:
    """A conditional UPDATE and an INSERT: the minimum that cannot oversell."""
    asked = json.loads(request.body)
    with transaction.atomic():
        room = Slot.objects.filter(pk=asked["slot"], online_taken__lt=F("online_places"))
        if not room.update(online_taken=F("online_taken") + 1):
            return JsonResponse({"code": "slot_full"}, status=409)
        made = BareBooking.objects.create(
            slot_id=asked["slot"], name=asked["name"], phone=asked["phone"], key=request.headers["Idempotency-Key"]
        )
    return JsonResponse({"code": made.pk}, status=201)
