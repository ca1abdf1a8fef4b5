"""Telling people that the time of their visit is closed, or open again: each person once, in the causing transaction.

Bookings are read and not locked: cancelling and moving lock a booking first and its slots after it, and this runs with
slots locked. A booking that is made meanwhile waits for the slot's row and is refused.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

from appointments.booking import messages
from appointments.booking.displaced import Displaced, displaced, with_reasons
from appointments.booking.models import Appointment, Status
from appointments.catalog.models import ServiceItem
from appointments.slots import availability
from appointments.slots.models import Slot
from centers import codes
from centers.models import CenterDay
from portal.notifications import services as notifications
from portal.notifications.models import Message
from portal.ui.days import span

_staff_call: ContextVar[bool] = ContextVar("staff_call", default=False)


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
    if here:
        touched = list(displaced(now).filter(pk__in=here).for_pages().order_by("pk"))
        others = Appointment.objects.for_pages().filter(pk__in=here - {row.pk for row in touched}, starts_at__gt=now)
        _tell(touched, list(others.order_by("pk")))


def follow_item(item: ServiceItem) -> None:
    """For settings.ITEM_FOLLOWERS: people who have booked an item that is no longer offered."""
    booked = displaced().filter(item__code=item.code, center__division__code__range=codes.span(item.division.code))
    _tell(list(booked.for_pages().order_by("pk")), [])


def last_said(rows: Iterable[Appointment]) -> dict[int, Message]:
    """The latest message by appointment id that says closed, open again or moved. One query."""
    keys = {messages.subject_of(row): row.pk for row in rows}
    kinds = (messages.CLOSED, messages.REOPENED, messages.MOVED)
    said = Message.objects.filter(subject__in=list(keys), kind__in=kinds).order_by("pk")
    return {keys[message.subject]: message for message in said}


def _tell(touched: list[Appointment], standing: list[Appointment]) -> None:
    now, said = timezone.now(), last_said([*touched, *standing])
    for one in with_reasons(row for row in touched if not _is_told(said.get(row.pk))):
        notifications.cancel(messages.subject_of(one.appointment), messages.PLANNED_AHEAD)
        others = nearest(one)
        notifications.plan(messages.after_closing(one.appointment, now, one.why, others, _staff_call.get()))
    for row in standing:
        if _is_told(said.get(row.pk)):
            notifications.replan(messages.after_reopening(row, now))


def _is_told(last: Message | None) -> bool:
    return last is not None and last.kind == messages.CLOSED


def nearest(one: Displaced) -> list[datetime]:
    """Start times that are free, nearest first to the booked one."""
    row = one.appointment
    slot = Slot(center_id=row.center_id, starts_at=row.starts_at)
    found = availability.alternatives(slot, row.item, row.party_size).same_center
    return [start.starts_at for start in found]
