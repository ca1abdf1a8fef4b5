"""Invariants of tickets (docs/operations.md, `manage.py check_invariants`)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from appointments.tickets.models import QueueDay, Ticket


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "No ticket number exceeds its day's counter.", _beyond_the_counter()
    yield "A ticket matches its appointment's center and state.", _appointment_mismatch()


def _beyond_the_counter() -> QuerySet:
    counted = QueueDay.objects.filter(center=OuterRef("center"), day=OuterRef("day"))
    return Ticket.objects.exclude(Exists(counted.filter(last_number__gte=OuterRef("number"))))


def _appointment_mismatch() -> QuerySet:
    """An open ticket belongs to an appointment that has arrived and is not yet served."""
    named = Ticket.objects.filter(appointment__isnull=False)
    here = Q(appointment__arrived_at__isnull=False, appointment__served_at__isnull=True)
    here &= Q(appointment__missed_at__isnull=True, appointment__cancelled_at__isnull=True)
    done = Q(done_at__isnull=True, appointment__served_at__isnull=True)
    done |= Q(done_at__isnull=False, appointment__served_at__isnull=False)
    open_now = Q(done_at__isnull=True, missed_at__isnull=True, left_at__isnull=True)
    present = Coalesce("appointment__center__leads_to", "appointment__center")
    elsewhere = ~Q(center=F("appointment__center")) & ~Q(center=present)
    return named.filter(elsewhere | ~done | (open_now & ~here))
