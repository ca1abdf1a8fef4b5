"""Invariants of offline marks (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, QuerySet

from appointments.desk.offline.models import OfflineMark


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "An offline mark is of its appointment's center.", _mismarked()


def _mismarked() -> QuerySet:
    return OfflineMark.objects.filter(appointment__isnull=False).exclude(appointment__center=F("center"))
