"""Invariants of ratings (`manage.py check_invariants`, docs/operations.md)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from assessments.models import Rating


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    unserved = Rating.objects.filter(appointment__isnull=False, appointment__served_at__isnull=True)
    yield "A rating is of a visit that took place.", unserved
