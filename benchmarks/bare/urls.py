"""The least that each kind of request must do."""

import json
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from benchmarks.bare.models import Booking, Slot


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


def slots(request: HttpRequest):
    day = datetime.fromisoformat(request.GET["day"]).replace(tzinfo=timezone.get_current_timezone())
    rows = Slot.objects.filter(center_id=int(request.GET["center"]), starts_at__range=(day, day + timedelta(days=1)))
    return rows.order_by("starts_at").values_list("pk", "starts_at", "online_places")


def as_json(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"slots": [[pk, start.strftime("%H:%M"), free] for pk, start, free in slots(request)]})


def as_page(request: HttpRequest) -> HttpResponse:
    return render(request, "day.html", {"title": request.GET["day"], "slots": slots(request)})


@csrf_exempt
def book(request: HttpRequest) -> JsonResponse:
    """A conditional UPDATE and an INSERT: the minimum that cannot oversell."""
    asked = json.loads(request.body)
    with transaction.atomic():
        room = Slot.objects.filter(pk=asked["slot"], online_taken__lt=F("online_places"))
        if not room.update(online_taken=F("online_taken") + 1):
            return JsonResponse({"code": "slot_full"}, status=409)
        key = request.headers["Idempotency-Key"]
        made = Booking.objects.create(slot_id=asked["slot"], name=asked["name"], phone=asked["phone"], key=key)
    return JsonResponse({"code": made.pk}, status=201)


urlpatterns = [
    path("healthz", plain),
    path("json", as_json),
    path("page", as_page),
    path("book", book),
]
