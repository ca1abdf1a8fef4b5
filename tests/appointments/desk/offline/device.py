"""Helpers of the tests of the offline sheet: a device with marks."""

import json
import uuid
from datetime import datetime

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments.desk.offline.services import Tap
from appointments.models import Appointment


def tap(appointment: Appointment | None, kind: str, at: datetime, **changes) -> Tap:
    values = {"key": uuid.uuid4(), "seen": "booked", "appointment": appointment and appointment.pk, **changes}
    return Tap(kind=kind, made_at=at, **values)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def mark(appointment: Appointment, kind: str, at: datetime | None = None, **changes) -> dict:
    at = at or timezone.now()
    sent = {"key": str(uuid.uuid4()), "kind": kind, "appointment": appointment.pk, "seen": "booked"}
    return {**sent, "at": milliseconds(at), **changes}


def note(name: str = "钱来顺", matter: str = "开证明", **changes) -> dict:
    at = milliseconds(timezone.now())
    return {"key": str(uuid.uuid4()), "kind": "note", "name": name, "matter": matter, "at": at, **changes}


def send(client: Client, user, *marks: dict, **changes) -> HttpResponse:
    body = {"owner": user.pk, "now": milliseconds(timezone.now()), "marks": marks, **changes}
    return send_text(client, json.dumps(body))


def send_text(client: Client, text: str | bytes, center: str = "") -> HttpResponse:
    address = reverse("desk_sheet_marks") + (f"?center={center}" if center else "")
    return client.post(address, text, content_type="application/json")
