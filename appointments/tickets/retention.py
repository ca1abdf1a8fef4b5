"""Retention of tickets: the priority of people with a name is deleted."""

from collections.abc import Iterator
from datetime import datetime

from appointments.tickets.models import Ticket
from portal.retention import Rule, before, forget_history


def rules(at: datetime) -> Iterator[Rule]:
    """Includes appointments without a phone number."""
    yield Rule(Ticket.objects.filter(appointment__starts_at__lt=before(at, "bookings")).exclude(priority=""), _forget)


def _forget(pks: list[int]) -> None:
    # A disability is sensitive personal information; the ticket number alone is not.
    Ticket.objects.filter(pk__in=pks).update(priority="")
    forget_history(Ticket.objects.filter(pk__in=pks))
