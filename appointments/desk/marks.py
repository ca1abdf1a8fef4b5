"""The four marks of the desk's list, for bookings and walk-ins alike.

未到 means a no-show for a booking that has not arrived, and absent for a ticket that was called.
"""

from appointments.booking.models import Appointment, Status
from appointments.desk import attendance, calling
from appointments.tickets.models import Ticket
from portal.accounts.models import User


def mark(*, appointment: Appointment | None, ticket: Ticket | None, name: str, by: User, seen: str = "") -> None:
    """Set the mark `arrive`, `serve`, `miss` or `undo`. Raises KeyError, and RuleBroken as the services do."""
    if appointment:
        _OF_APPOINTMENTS[name](appointment, by, seen)
    elif ticket:
        _OF_TICKETS[name](ticket, by, seen)


def _miss(appointment: Appointment, by: User, seen: str) -> None:
    called = _called(appointment)
    if called:
        calling.absent(ticket=called, by=by)
    else:
        attendance.miss(appointment=appointment, by=by)


def _undo(appointment: Appointment, by: User, seen: str) -> None:
    called = _called(appointment)
    if called:
        calling.undo(ticket=called, by=by, seen=seen)
    else:
        attendance.undo(appointment=appointment, by=by, seen=seen or None)


def _called(appointment: Appointment) -> Ticket | None:
    if appointment.status != Status.ARRIVED:
        return None
    return Ticket.objects.called().for_pages().filter(appointment=appointment).first()


def _arrive(ticket: Ticket, by: User, seen: str) -> None:
    """A ticket holder has already arrived; only an absent one returns to the queue."""
    if ticket.missed_at:
        calling.put_back(ticket=ticket, by=by)


_OF_APPOINTMENTS = {
    "arrive": lambda appointment, by, seen: attendance.arrive(appointment=appointment, by=by),
    "serve": lambda appointment, by, seen: attendance.serve(appointment=appointment, by=by),
    "miss": _miss,
    "undo": _undo,
}
_OF_TICKETS = {
    "arrive": _arrive,
    "serve": lambda ticket, by, seen: calling.done(ticket=ticket, by=by),
    "miss": lambda ticket, by, seen: calling.absent(ticket=ticket, by=by),
    "undo": lambda ticket, by, seen: calling.undo(ticket=ticket, by=by, seen=seen),
}
MARKS = frozenset(_OF_TICKETS)
