"""Today's tickets of the demo's own center: bookings that have arrived, and some walk-ins."""

from datetime import datetime, timedelta

from django.utils import timezone

from appointments.tickets.models import Priority, QueueDay, Ticket
from portal.dashboards.demo.diary import Diary
from portal.ui.days import midnight

WALKED_IN = 5
SERVED_FOR = timedelta(minutes=11)


def store(diary: Diary, now: datetime) -> None:
    """A number for each who arrived today, in the order of coming; one of those who wait is at a window.

    Before the doors open everybody waits.
    """
    today = timezone.localdate(now)
    came = [one for one in diary.appointments if timezone.localdate(one.starts_at) == today and one.arrived_at]
    tickets = [_ticket(diary, one.arrived_at, one) for one in came]
    latest = max((one.arrived_at for one in came), default=now - timedelta(minutes=40))
    for number in range(WALKED_IN):
        walked_in_at = latest - timedelta(minutes=9 * (WALKED_IN - number))
        tickets.append(_ticket(diary, max(walked_in_at, midnight(today)), None))
    tickets.sort(key=lambda ticket: ticket.taken_at)
    for number, ticket in enumerate(tickets, 1):
        ticket.number = number
    slots = diary.days.get(today)
    if slots and now >= slots[0].starts_at:
        _serve(diary, [ticket for ticket in tickets if ticket.appointment is None][:2], now)
        _seat(diary, [ticket for ticket in tickets if ticket.done_at is None], now)
    QueueDay.objects.create(center=diary.center, day=today, last_number=len(tickets))
    Ticket.objects.bulk_create(tickets)


def _ticket(diary: Diary, taken_at: datetime, visit) -> Ticket:
    ticket = Ticket(
        center=diary.center,
        day=timezone.localdate(taken_at),
        key=f"demo-{diary.rng.getrandbits(128):032x}",
        appointment=visit,
        item=visit.item if visit else None,
        taken_at=taken_at,
        taken_by=diary.staff[0],
        waits_from=taken_at,
    )
    if visit and visit.served_at:
        _done(ticket, visit.served_at - SERVED_FOR, visit.served_at, visit.served_by, window=1)
    elif visit is None and diary.rng.random() < 0.3:
        ticket.priority = Priority.ELDER
    return ticket


def _serve(diary: Diary, tickets: list[Ticket], now: datetime) -> None:
    for ticket in tickets:
        done_at = min(ticket.taken_at + 2 * SERVED_FOR, now)
        _done(ticket, done_at - SERVED_FOR, done_at, diary.staff[0], window=2)


def _done(ticket: Ticket, called_at: datetime, done_at: datetime, by, window: int) -> None:
    ticket.called_at, ticket.called_times, ticket.called_by, ticket.window = called_at, 1, by, window
    ticket.done_at, ticket.done_by = done_at, by


def _seat(diary: Diary, waiting: list[Ticket], now: datetime) -> None:
    """Whoever came first sits at a window; the other window is the visitor's, to call somebody to."""
    if waiting:
        first = waiting[0]
        first.called_at, first.called_times = now - timedelta(minutes=4), 1
        first.called_by, first.window = diary.staff[-1], 2
