"""Retention of tickets: the priority of people with a name is deleted."""

from collections.abc import Iterator
from datetime import datetime

from appointments.tickets.models import Ticket
from portal.retention import Rule, forget_history, overdue


def rules(at: datetime) -> Iterator[Rule]:
    """Includes appointments without a phone number."""
    past = overdue(at, "bookings", "appointment__starts_at", "center__division__code")
    yield Rule(Ticket.objects.filter(past).exclude(priority=""), _forget)


def _forget(pks: list[int]) -> None:
    # A disability is sensitive personal information; the ticket number alone is not.
    Ticket.objects.filter(pk__in=pks).update(priority="")
    forget_history(Ticket.objects.filter(pk__in=pks))
