"""What is forgotten of the day's numbers: why somebody with a name went first."""

from collections.abc import Iterator
from datetime import datetime

from appointments.tickets.models import Ticket
from portal.retention import Rule, before, forget_history


def rules(at: datetime) -> Iterator[Rule]:
    """Also where no number of theirs was ever known."""
    yield Rule(Ticket.objects.filter(appointment__starts_at__lt=before(at, "bookings")).exclude(priority=""), _forget)


def _forget(pks: list[int]) -> None:
    # That somebody was disabled is nobody's business; the number itself says nothing.
    Ticket.objects.filter(pk__in=pks).update(priority="")
    forget_history(Ticket.objects.filter(pk__in=pks))
