"""Retention of ratings: what was written goes with the visit or the case; the level stays for statistics."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from assessments.models import Rating
from portal.retention import ANONYMOUS, Rule, before, forget_history


def rules(at: datetime) -> Iterator[Rule]:
    """Guests are anonymized before their booking's period is over; their words go with them."""
    visits = Q(appointment__starts_at__lt=before(at, "bookings"))
    guests = Q(appointment__resident__name__startswith=ANONYMOUS)
    cases = Q(case__closed_at__lt=before(at, "cases"))
    yield Rule(Rating.objects.filter(visits | guests | cases).exclude(comment=""), _forget)


def _forget(pks: list[int]) -> None:
    Rating.objects.filter(pk__in=pks).update(comment="")
    forget_history(Rating.objects.filter(pk__in=pks))
