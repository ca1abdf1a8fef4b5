"""Invariants of offline marks (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from appointments.desk.offline.models import OfflineMark


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "An offline mark is of its appointment's center, or of what that was merged into.", _mismarked()


def _mismarked() -> QuerySet:
    here = Coalesce("center__leads_to", "center")
    there = Coalesce("appointment__center__leads_to", "appointment__center")
    return (
        OfflineMark.objects.filter(appointment__isnull=False).annotate(here=here, there=there).exclude(here=F("there"))
    )
