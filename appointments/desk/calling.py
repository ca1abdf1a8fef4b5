"""Calling tickets to a window of the desk: call the next, finish, mark as absent, undo.

The ticket of an anonymous walk-in has no appointment. A call is a conditional UPDATE on the ticket's row, so that two
windows cannot call the same person; a unique constraint allows one called ticket per window. Lock order, against
deadlocks: the appointment's row first, then its ticket's.
"""

from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, Status
from appointments.desk import attendance
from appointments.tickets import services as tickets
from appointments.tickets.hall import grace, hall
from appointments.tickets.models import LAST_WINDOW, Ticket
from centers.days.proof import prove
from centers.models import Center
from centers.rules.reading import value
from portal import locking
from portal.accounts.models import User
from portal.ui.errors import Changed, RuleBroken, constraint_of

CALLS = 3  # after so many, absence may be marked before the grace period has passed


class Finish(StrEnum):
    """How to close the ticket at the window when the next one is called."""

    DONE = "done"
    ABSENT = "absent"


def call_next(
    *, center: Center, window: int, by: User, seen: int | None = None, finish: Finish = Finish.DONE
) -> Ticket | None:
    """Close the ticket at the window and call the next one; returns it, or None when nobody is waiting.

    `seen` is the pk of the ticket at the window on the user's screen. If it differs from the current one, as with a
    double tap, nobody is called. Raises RuleBroken `too_soon` (see `absent`); nobody is called then either.
    """
    _check_window(window)
    now = timezone.now()
    with transaction.atomic():
        current = _at_window(center, window, now)
        if current and current.pk != seen:
            return current
        if current:
            done(ticket=current, by=by) if finish == Finish.DONE else absent(ticket=current, by=by)
        for ticket in hall(center, now).waiting:
            try:
                if claim(ticket, window, by, now):
                    return Ticket.objects.for_pages().get(pk=ticket.pk)
            except IntegrityError as error:
                if constraint_of(error) is None:
                    raise
                # Unique constraint (race condition): another request has called somebody to this window.
                return _at_window(center, window, now)
    return None


def call(*, ticket: Ticket, window: int, by: User) -> Ticket:
    """Call this ticket out of turn. Raises RuleBroken `window_taken`, Changed when it is no longer waiting."""
    _check_window(window)
    _expect_today(ticket)
    now = timezone.now()
    if current := _at_window(ticket.center, window, now):
        if current.pk == ticket.pk:
            return current
        raise _window_taken(current)
    try:
        if not claim(ticket, window, by, now):
            raise Changed(_("%(number)s号刚刚被别的窗口叫走了，或者不等了。请看看最新的名单。"), number=ticket.number)
    except IntegrityError as error:
        if constraint_of(error) is None:
            raise
        raise _window_taken(_at_window(ticket.center, window, now) or ticket) from error
    return Ticket.objects.for_pages().get(pk=ticket.pk)


def claim(ticket: Ticket, window: int, by: User, now: datetime) -> bool:
    """Conditional UPDATE: False if the ticket is no longer waiting. Raises IntegrityError if the window is occupied."""
    with transaction.atomic():
        waiting = Ticket.objects.waiting().filter(pk=ticket.pk)
        is_called = bool(waiting.update(called_at=now, called_times=1, called_by=by, window=window))
        if is_called:
            prove(ticket.center_id, now)
        return is_called


def call_again(*, ticket: Ticket, by: User) -> Ticket:
    """Repeat the call. Raises Changed when the ticket is not called now."""
    called = Ticket.objects.called().filter(pk=ticket.pk)
    if not called.update(called_at=timezone.now(), called_times=F("called_times") + 1, called_by=by):
        raise Changed
    return Ticket.objects.for_pages().get(pk=ticket.pk)


@transaction.atomic
def done(*, ticket: Ticket, by: User) -> Ticket:
    """Mark the ticket, called or not, and its appointment as served. Idempotent."""
    _expect_today(ticket)
    if ticket.appointment:
        attendance.serve(appointment=ticket.appointment, by=by)
        return Ticket.objects.for_pages().get(pk=ticket.pk)
    ticket = _locked(ticket)
    if ticket.done_at is None:
        _expect_open(ticket)
        ticket.done_at, ticket.done_by = timezone.now(), by
        ticket.save(update_fields=["done_at", "done_by"])
        prove(ticket.center_id, ticket.done_at)
    return ticket


@transaction.atomic
def absent(*, ticket: Ticket, by: User) -> Ticket:
    """Mark as absent after CALLS calls or the grace period; its appointment is missed and its places are released.

    Idempotent. Raises RuleBroken `too_soon`, `not_called`.
    """
    ticket, appointment = _locked_both(ticket)
    if ticket.missed_at:
        return ticket
    if not ticket.is_called or ticket.called_at is None:
        raise RuleBroken(_("%(number)s号还没有叫过。先叫号，没人应再记没到。"), code="not_called", number=ticket.number)
    now = timezone.now()
    if ticket.called_times < CALLS and now < ticket.called_at + grace(ticket.center_id):
        raise RuleBroken(
            _("%(number)s号刚叫过%(times)d次。再叫叫看：叫过%(calls)d次，或者等满%(minutes)d分钟，才记没到。"),
            code="too_soon",
            number=ticket.number,
            times=ticket.called_times,
            calls=CALLS,
            minutes=value("DESK_GRACE_MINUTES", ticket.center_id),
        )
    ticket.missed_at, ticket.missed_by = now, by
    ticket.save(update_fields=["missed_at", "missed_by"])
    if appointment and appointment.status == Status.ARRIVED:
        attendance.record_no_show(appointment, now, by)
    return ticket


@transaction.atomic
def put_back(*, ticket: Ticket, by: User) -> Ticket:
    """Return to the queue: at the old position if called by mistake, at the end if marked as absent."""
    _expect_today(ticket)
    ticket, appointment = _locked_both(ticket)
    if appointment and ticket.missed_at:
        attendance.arrive(appointment=appointment, by=by)
        return Ticket.objects.for_pages().get(pk=ticket.pk)
    if not ticket.missed_at:
        _expect_open(ticket)
    since = timezone.now() if ticket.missed_at else ticket.waits_from
    Ticket.objects.filter(pk=ticket.pk).update(waits_from=since, **tickets.waiting_again())
    return Ticket.objects.for_pages().get(pk=ticket.pk)


@transaction.atomic
def leave(*, ticket: Ticket, by: User) -> Ticket:
    """A walk-in leaves without being served. Idempotent. Raises RuleBroken `booked` for somebody with a booking."""
    _expect_today(ticket)
    if not ticket.is_walk_in:
        raise RuleBroken(_("这位是约好的。人没到，请在名单上撤回“已到”。"), code="booked")
    (ticket, appointment), now = _locked_both(ticket), timezone.now()
    if ticket.left_at:
        return ticket
    _expect_open(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(**tickets.waiting_again() | {"left_at": now})
    if appointment:
        appointment.cancelled_at, appointment.cancelled_by, appointment.cancel_typed_by = now, "villager", by
        appointment.save(update_fields=["cancelled_at", "cancelled_by", "cancel_typed_by"])
    return Ticket.objects.for_pages().get(pk=ticket.pk)


@transaction.atomic
def undo(*, ticket: Ticket, by: User, seen: str | None = None) -> Ticket:
    """Undo the last mark of today: a called, served, absent or gone ticket is waiting again, at its old position.

    If `seen`, the state on the user's screen, is given and no longer true, nothing changes.
    """
    _expect_today(ticket)
    ticket, appointment = _locked_both(ticket)
    if appointment and appointment.cancelled_at:
        raise RuleBroken(_("这位已经记为不等了。人又回来的话，请另发一个号。"), code="cancelled")
    if appointment and not ticket.is_called:
        attendance.undo(appointment=appointment, by=by, seen=seen)
        return Ticket.objects.for_pages().get(pk=ticket.pk)
    if not ticket.is_waiting and (not seen or seen == ticket.state):
        Ticket.objects.filter(pk=ticket.pk).update(**tickets.waiting_again())
    return Ticket.objects.for_pages().get(pk=ticket.pk)


@transaction.atomic
def set_priority(*, ticket: Ticket, priority: str, by: User) -> Ticket:
    """Set the reason for which the ticket is called first; "" for none. Raises RuleBroken `no_priority`."""
    if priority and priority not in value("QUEUE_PRIORITIES", ticket.center_id):
        raise RuleBroken(_("这里没有这一种优先。请另选一种，或者不选。"), code="no_priority", field="priority")
    ticket = _locked(ticket)
    ticket.priority = priority
    ticket.save(update_fields=["priority"])
    return ticket


def _at_window(center: Center, window: int, now: datetime) -> Ticket | None:
    today = Ticket.objects.of_day(center, timezone.localdate(now))
    return today.called().for_pages().filter(window=window).first()


def _locked(ticket: Ticket) -> Ticket:
    """The current row, locked. Raises Changed if an appointment was attached: its row has to be locked first."""
    current = locking.locked(Ticket.objects.for_pages(), ticket.pk)
    if current.appointment_id != ticket.appointment_id:
        raise Changed(_("%(number)s号刚刚登记了姓名。您这一下没有生效，请再点一次。"), number=current.number)
    return current


def _locked_both(ticket: Ticket) -> tuple[Ticket, Appointment | None]:
    """The ticket and its appointment as they are now. Raises Changed as `_locked` does."""
    appointment = Appointment.objects.locked(ticket.appointment_id) if ticket.appointment_id else None
    return _locked(ticket), appointment


def _check_window(window: int) -> None:
    if not 1 <= window <= LAST_WINDOW:
        raise RuleBroken(_("没有这个窗口。请选1号到%(last)d号。"), code="no_window", last=LAST_WINDOW)


def _window_taken(current: Ticket) -> RuleBroken:
    return RuleBroken(
        _("%(number)s号还在这个窗口。先把这一位办好或者放回去，再叫下一位。"),
        code="window_taken",
        number=current.number,
    )


def _expect_open(ticket: Ticket) -> None:
    if not ticket.is_open:
        raise Changed(_("%(number)s号已经办完了，或者不等了。要改请先撤回。"), number=ticket.number)


def _expect_today(ticket: Ticket) -> None:
    if ticket.day != timezone.localdate():
        raise RuleBroken(_("这是以前的号，只能改当天的。"), code="too_late")
