"""Invariants of the waiting list (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from appointments.slots.grid import STEP
from appointments.slots.models import Hold
from appointments.waiting.models import WaitingEntry


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "An offer holds the slots that its item needs.", _wrong_holds()
    yield "No hold is left for a waiting entry that has ended.", _holds_of_ended()
    yield "No offer and no cooldown is open an hour after its expiry.", _expired(now)
    yield "An accepted waiting entry has its booking.", _accepted_without_booking()


def _wrong_holds() -> QuerySet:
    """Offers with too few or too many holds, or none. An item needs one slot for each started half hour."""
    held = Hold.objects.filter(entry=OuterRef("pk"), ended_at__isnull=True, size=OuterRef("party_size"))
    number = held.order_by().values("entry").annotate(number=Count("pk")).values("number")
    offered = WaitingEntry.objects.offered().annotate(held=Coalesce(Subquery(number), 0))
    minutes = F("held") * int(STEP.total_seconds() // 60)
    return offered.exclude(item__minutes__lte=minutes, item__minutes__gt=minutes - int(STEP.total_seconds() // 60))


def _holds_of_ended() -> QuerySet:
    return Hold.objects.filter(ended_at__isnull=True, entry__ended_at__isnull=False)


def _expired(now: datetime) -> QuerySet:
    return Hold.objects.filter(ended_at__isnull=True, until__lt=now - timedelta(hours=1))


def _accepted_without_booking() -> QuerySet:
    return WaitingEntry.objects.filter(outcome=WaitingEntry.Outcome.ACCEPTED, appointment__isnull=True)
