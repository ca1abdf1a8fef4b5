"""Handling the appointments affected by a leave: tell who stands in, cancel by the center, withdraw the leave."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking import messages
from appointments.booking import services as booking
from appointments.booking.models import Appointment, Status
from appointments.leave.impact import AffectedAppointment, Desk, affected_by
from appointments.settling.reached import REACHED
from centers.duty import leaves
from centers.models import Leave
from portal import locking
from portal.accounts.models import User
from portal.notifications import services as notifications
from portal.notifications.models import Channel, Message, State
from portal.ui.days import span
from portal.ui.errors import RuleBroken


@transaction.atomic
def tell(*, leave: Leave, only: Iterable[int] | None = None, by: User) -> int:
    """Tell people who stands in, unless they know; for all or `only` these appointments. Idempotent.

    Returns how many. Who has no stand-in was told with the approval that the time is closed. Raises RuleBroken
    `not_agreed` for a leave that is not approved.
    """
    agreed_at, now = _agreed_at(leave), timezone.now()
    untold = [one for one in _chosen(leave, only) if one.stand_ins and not one.contact]
    for one in untold:
        # Of a stand-in who was named before.
        notifications.cancel(messages.subject_of(one.appointment), [messages.DUTY_CHANGED], agreed_at)
        notifications.plan(messages.after_leave(one.appointment, agreed_at, one.stands_in, now, one.times))
    return len(untold)


@transaction.atomic
def withdraw(*, leave: Leave, by: User) -> Leave:
    """Withdraw a leave; who was told of a stand-in hears that it is the person after all. Raises as leaves.withdraw."""
    was_withdrawn = leave.withdrawn_at is not None
    leave = leaves.withdraw(leave=leave, by=by)
    if leave.agreed_at and leave.withdrawn_at and not was_withdrawn:
        _take_back(leave, leave.withdrawn_at)
    return leave


def _take_back(leave: Leave, at: datetime) -> None:
    center = leave.staff.center
    start, end = span(leave.first_date, leave.last_date)
    ahead = Appointment.objects.for_pages().filter(center=center).between(max(start, at), end)
    rows = {messages.subject_of(row): row for row in ahead.with_status(Status.BOOKED)}
    told = Message.objects.filter(subject__in=list(rows), kind=messages.DUTY_CHANGED, occasion=leave.agreed_at)
    desk = Desk.of(center, leave.first_date, leave.last_date)
    # Locked before their states are read: a sender takes one in between, and nobody would correct it.
    for message in locking.all_locked(told.exclude(channel=Channel.INBOX).order_by("pk")):
        row = rows[message.subject]
        is_of_this_time = row.moved_at is None or row.moved_at < message.created_at
        is_heard = message.state in {*REACHED, State.SENDING}
        if is_heard and is_of_this_time and leave.staff_id in desk.there(row):
            notifications.plan(messages.after_leave(row, at, leave.staff.name, at))
    for subject in set(told.values_list("subject", flat=True)):
        notifications.cancel(subject, [messages.DUTY_CHANGED], leave.agreed_at)


def cancel(*, leave: Leave, only: Iterable[int], reason: str, by: User) -> tuple[int, list[str]]:
    """Cancel what nobody sees to by the center, each in its own transaction.

    Returns how many, and the reasons why others were refused.
    """
    with transaction.atomic():
        _agreed_at(leave)
    done, refused = 0, []
    for one in _chosen(leave, only):
        if not one.is_left:
            continue
        try:
            booking.cancel(appointment=one.appointment, by_center=True, reason=reason, by=by)
            done += 1
        except RuleBroken as broken:
            refused.append(f"{one.appointment.resident.name}：{broken}")
    return done, refused


def _chosen(leave: Leave, only: Iterable[int] | None) -> list[AffectedAppointment]:
    wanted = None if only is None else set(only)
    return [one for one in affected_by(leave) if wanted is None or one.appointment.pk in wanted]


def _agreed_at(leave: Leave) -> datetime:
    """As it is now, locked: the page may have read it before somebody withdrew it."""
    leave = locking.locked(Leave.objects.all(), leave.pk)
    if leave.agreed_at is None or leave.withdrawn_at:
        raise RuleBroken(_("这次请假还没有同意，或者已经收回了，先不用通知群众。"), code="not_agreed")
    return leave.agreed_at
