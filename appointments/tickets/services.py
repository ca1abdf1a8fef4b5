"""Issuing tickets, and keeping a ticket consistent with its appointment."""

from datetime import date, datetime
from functools import partial

from django.db.models import F
from django.utils import timezone

from appointments.booking.models import Appointment
from appointments.catalog.models import ServiceItem
from appointments.tickets.models import Priority, QueueDay, Ticket
from centers.models import Center
from portal.accounts.models import User
from portal.prepared import PreparedInsert
from portal.ui.idempotency import make_once


def issue(
    *,
    center: Center,
    key: str,
    now: datetime,
    by: User | None = None,
    item: ServiceItem | None = None,
    priority: str = Priority.NONE,
    appointment: Appointment | None = None,
) -> Ticket:
    """The next number of the day. The same key or appointment again is the same number, also at the same moment."""
    # The ticket of a walk-in who was named later has a key of its own.
    earlier_one = {"appointment": appointment} if appointment else {"key": key, "center": center}
    find = Ticket.objects.for_pages().filter(**earlier_one).first
    # Before it, for once: nobody else has to wait for the day's counter while somebody comes back.
    if earlier := find():
        return earlier
    day = timezone.localdate(now)
    ticket = Ticket(
        center=center,
        day=day,
        key=key,
        item=item,
        priority=priority,
        appointment=appointment,
        taken_by=by,
        taken_at=now,
        waits_from=now,
    )
    return make_once(partial(_number, ticket), find)


def _number(ticket: Ticket) -> Ticket:
    """Refused, its number is rolled back with it: there is no gap."""
    ticket.number = _next_number(ticket.center, ticket.day)
    ticket.clean_fields(exclude=["center", "item", "appointment", "taken_by"])
    # No CREATE entry in the audit log: `taken_by` and `taken_at` say it; the log begins with the first change.
    _insert([ticket])
    return ticket


_insert = PreparedInsert(Ticket)


def _next_number(center: Center, day: date) -> int:
    """UPDATE before SELECT in one transaction: the row lock serializes concurrent callers."""
    today = QueueDay.objects.filter(center=center, day=day)
    if not today.update(last_number=F("last_number") + 1):
        QueueDay.objects.bulk_create([QueueDay(center=center, day=day)], ignore_conflicts=True)
        today.update(last_number=F("last_number") + 1)
    return today.values_list("last_number", flat=True).get()


def issue_for(appointment: Appointment, now: datetime, by: User) -> None:
    """Give an arrived booking a ticket of today; somebody who comes back keeps their ticket.

    On a later day, when marks are recorded afterwards, no ticket is issued: nobody is waiting any more.
    """
    if timezone.localdate(appointment.starts_at) != timezone.localdate():
        return
    ticket = issue(
        center=appointment.center.present,
        key=f"appointment:{appointment.pk}",
        now=now,
        by=by,
        item=appointment.item,
        appointment=appointment,
    )
    if ticket.day != timezone.localdate(now):
        # Marked again on another day after a move: a ticket is valid only on its own day.
        day = timezone.localdate(now)
        renumbered = {"day": day, "number": _next_number(ticket.center, day), "taken_at": now, "taken_by": by}
        Ticket.objects.filter(pk=ticket.pk).update(waits_from=now, **renumbered, **waiting_again())
    elif not ticket.is_open:
        Ticket.objects.filter(pk=ticket.pk).update(waits_from=now, **waiting_again())


def close(appointment: Appointment, now: datetime, by: User) -> None:
    """Close the ticket of an appointment that was served, wherever that was recorded."""
    Ticket.objects.filter(appointment=appointment, done_at__isnull=True).update(
        done_at=now, done_by=by, missed_at=None, missed_by=None, left_at=None
    )


def reopen(appointment: Appointment) -> None:
    """A mark was undone: the holder is waiting again since the same time as before."""
    Ticket.objects.filter(appointment=appointment).update(**waiting_again())


def mark_left(appointment: Appointment, now: datetime) -> None:
    """The holder is not or no longer present."""
    Ticket.objects.filter(appointment=appointment).open().update(**waiting_again() | {"left_at": now})


def waiting_again() -> dict:
    """Column values of a waiting ticket, whatever its state before."""
    return {
        "called_at": None,
        "called_times": 0,
        "called_by": None,
        "window": None,
        "done_at": None,
        "done_by": None,
        "missed_at": None,
        "missed_by": None,
        "left_at": None,
    }
