"""Telling people that the time of their visit is closed, or open again: each person once, in the causing transaction.

Bookings are read and not locked: cancelling and moving lock a booking first and its slots after it, and this runs with
slots locked. A booking that is made meanwhile waits for the slot's row and is refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from appointments.booking import messages
from appointments.booking.displaced import (
    displaced,
    has_reason,
    is_displaced,
    with_displacement,
    with_reasons,
)
from appointments.booking.models import Appointment, AppointmentQuerySet, KeptBooking, Status
from appointments.catalog.models import ItemOptOut, ServiceItem
from centers import codes
from centers.models import Center, CenterDay
from portal import locking
from portal.notifications import services as notifications
from portal.notifications.keys import column_of
from portal.notifications.models import Channel, Message, State
from portal.ui.days import span

# Ids of the bookings that a rehearsed change reaches; None outside of a rehearsal.
_rehearsed: ContextVar[set[int] | None] = ContextVar("rehearsed", default=None)
_staff_call: ContextVar[bool] = ContextVar("staff_call", default=False)


@contextmanager
def rehearsal() -> Iterator[set[int]]:
    """Within it nobody is told: the change is rolled back anyway. Yields the ids of the bookings that it reaches."""
    reached: set[int] = set()
    token = _rehearsed.set(reached)
    try:
        yield reached
    finally:
        _rehearsed.reset(token)


@contextmanager
def staff_will_call() -> Iterator[None]:
    """Whoever saves has chosen that staff call everybody: nothing is sent, the list of the desk asks for the calls."""
    token = _staff_call.set(True)
    try:
        yield
    finally:
        _staff_call.reset(token)


def follow_days(rows: list[CenterDay]) -> None:
    """For settings.DAY_FOLLOWERS, after the slots have followed."""
    days, now = {(row.center_id, row.date) for row in rows}, timezone.now()
    first, last = min(row.date for row in rows), max(row.date for row in rows)
    booked = Appointment.objects.with_status(Status.BOOKED).between(*span(first, last)).filter(ends_at__gt=now)
    booked = booked.filter(center__in={row.center_id for row in rows})
    here = {
        pk
        for pk, center, starts_at in booked.order_by().values_list("pk", "center_id", "starts_at")
        if (center, timezone.localdate(starts_at)) in days
    }
    _follow(Appointment.objects.filter(pk__in=here), now)


def follow_item(item: ServiceItem | ItemOptOut) -> None:
    """For settings.ITEM_FOLLOWERS: people who have booked an item that is no longer offered, or offered again."""
    now = timezone.now()
    booked = Appointment.objects.with_status(Status.BOOKED).filter(ends_at__gt=now, item__code=item.code)
    _follow(booked.filter(center__division__code__range=codes.span(item.division.code)), now)


def sweep() -> int:
    """Job of settings.UPKEEP: tell who is displaced and has not been told; returns how many that were.

    What closes a time tells at once. This finds who got there in between: a booking of an item that another transaction
    ended or switched off meanwhile, and an arrival that is taken back at a time closed since.
    """
    today = timezone.localdate()
    ended = ServiceItem.objects.filter(valid_to__gte=today - timedelta(days=1)).values_list("code", flat=True)
    switched_off = ItemOptOut.objects.current().filter(since__gte=timezone.now() - timedelta(days=1))
    gone = {*ended, *switched_off.values_list("code", flat=True)}
    late = Q(starts_at__range=span(today, today)) | Q(item__code__in=gone)
    about = {"subject": OuterRef("subject_key"), "occasion": OuterRef("starts_at"), "channel": Channel.INBOX}
    said = Message.objects.filter(**about, kind__in=(messages.CLOSED, messages.REOPENED)).order_by("-number", "-pk")
    rows = displaced().filter(late).annotate(subject_key=column_of("appointment"))
    rows = rows.annotate(last=Subquery(said.values("kind")[:1]), state_of_last=Subquery(said.values("state")[:1]))
    untold = rows.filter(Q(last=None) | Q(last=messages.REOPENED) | Q(state_of_last=State.WITHDRAWN))
    pks = list(untold.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        with transaction.atomic():
            tell(displaced().filter(pk=pk))
    return len(pks)


def follow_center(center: Center) -> None:
    """For settings.CENTER_FOLLOWERS: people who have booked what its division offered, or its new one offers."""
    now = timezone.now()
    _follow(Appointment.objects.with_status(Status.BOOKED).filter(ends_at__gt=now, center=center), now)


def tell(booked: AppointmentQuerySet) -> None:
    """Tell displaced people who have not been told yet."""
    _tell(list(booked.for_pages().order_by("pk")), [])


def _follow(booked: AppointmentQuerySet, now: datetime) -> None:
    reached = _rehearsed.get()
    if reached is not None:
        reached.update(booked.values_list("pk", flat=True))
        return
    rows = list(with_displacement(booked.for_pages()).order_by("pk"))
    standing = [row for row in rows if not has_reason(row)]
    _tell([row for row in rows if is_displaced(row)], [row for row in standing if row.starts_at > now])
    # What was kept on purpose was kept for a closed time: the next closure is another question.
    KeptBooking.objects.filter(appointment__in=[row.pk for row in standing if row.is_kept]).delete()


def _tell(touched: list[Appointment], standing: list[Appointment]) -> None:
    now, said = timezone.now(), _said_before([*touched, *standing])
    for one in with_reasons(row for row in touched if not said[row.pk].is_told_of_closing):
        row = one.appointment
        number, by_call = said[row.pk].closings + 1, _staff_call.get()
        notifications.plan(messages.after_closing(row, now, one.why, number=number, by_call=by_call))
    for row in standing:
        if row.is_kept and not row.is_opened:
            # Who agreed to be visited at home, say, would wait there.
            notifications.plan(messages.after_reopening(row, now, number=max(said[row.pk].closings, 1)))
        elif said[row.pk].is_told_of_closing:
            # Who has not been reached yet need not hear of either.
            if said[row.pk].has_reached:
                notifications.plan(messages.after_reopening(row, now, number=said[row.pk].closings))
            notifications.cancel(messages.subject_of(row), [messages.CLOSED])


@dataclass(slots=True)
class _Said:
    """What was said of the present time of a booking: how often that it is closed, and what came last."""

    closings: int = 0
    is_told_of_closing: bool = False
    has_reached: bool = False


def _said_before(rows: list[Appointment]) -> dict[int, _Said]:
    """By appointment id. One query, which locks: a sender that takes one in between would not be corrected."""
    of_key, found = {messages.subject_of(row): row for row in rows}, {row.pk: _Said() for row in rows}
    said = Message.objects.filter(subject__in=list(of_key), kind__in=(messages.CLOSED, messages.REOPENED))
    for message in locking.all_locked(said.order_by("number", "pk")):
        row = of_key[message.subject]
        if message.occasion != row.starts_at:
            continue
        one = found[row.pk]
        if message.number > one.closings:
            one.closings, one.has_reached = message.number, False
        if message.channel == Channel.INBOX:
            one.is_told_of_closing = message.kind == messages.CLOSED and message.state != State.WITHDRAWN
        elif message.kind == messages.CLOSED:
            one.has_reached = message.state in (State.SENDING, State.SENT, State.DELIVERED, State.CALLED)
    return found
