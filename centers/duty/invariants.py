"""Invariants of duty data (`manage.py check_invariants`, docs/operations.md)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from centers.models import DutyShift, Leave, Roster, ShiftSwap


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    # Not a CHECK constraint: it would call a function that Django registers, which the sqlite3 shell lacks.
    yield "A roster begins on the first of its month.", Roster.objects.exclude(month__day=1)
    yield "A shift is of its roster's month.", _of_another_month()
    yield (
        "A shift belongs to somebody of its roster's center.",
        DutyShift.objects.exclude(staff__center=F("roster__center")),
    )
    yield "A shift goes after it came.", DutyShift.objects.filter(removed_in__lte=F("added_in"))
    yield "No two leaves of one person that stand overlap.", _overlapping()
    yield (
        "A shift that was swapped stands no longer.",
        ShiftSwap.objects.filter(agreed_at__isnull=False, shift__removed_in__isnull=True),
    )


def _of_another_month() -> QuerySet:
    return DutyShift.objects.annotate(month_of=TruncMonth("date")).exclude(month_of=F("roster__month"))


def _overlapping() -> QuerySet:
    """Compares days and not half days: leaves that share a day are one request."""
    others = Leave.objects.agreed().filter(
        staff=OuterRef("staff"), first_date__lte=OuterRef("last_date"), last_date__gte=OuterRef("first_date")
    )
    return Leave.objects.agreed().filter(Exists(others.filter(~Q(pk=OuterRef("pk")))))
