"""Generating slots from opening rules, the calendar, closures and duty rosters, and keeping them up to date."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from appointments.slots import unstaffed
from appointments.slots.grid import Cell, cells
from appointments.slots.models import Slot
from centers.days.half_days import part_at
from centers.days.hours import hours_of
from centers.days.staffing import coverage
from centers.duty import rosters
from centers.models import Center
from portal.ui.days import span

CENTERS_AT_ONCE = 100


def make_ahead(days: int | None = None) -> int:
    """Generate the slots of all active centers from today on; returns how many are new. Idempotent."""
    first = timezone.localdate()
    return _make_everywhere(first, first + timedelta(days=settings.BOOKING_HORIZON_DAYS if days is None else days))


def _make_everywhere(first: date, last: date) -> int:
    centers = list(Center.objects.open_to_public())
    chunks = (centers[at : at + CENTERS_AT_ONCE] for at in range(0, len(centers), CENTERS_AT_ONCE))
    return sum(make_between(chunk, first, last) for chunk in chunks)


@transaction.atomic
def make_between(centers: Iterable[Center], first: date, last: date) -> int:
    """Synchronize the slots of these days: create, reopen, resize and close. Nothing is deleted.

    A slot outside opening hours is closed for new bookings; the center moves its existing ones. Capacity never
    falls below the occupied places. A half day without anybody at the desk, by the roster, counts as closed.
    """
    centers = list(centers)
    _lock_centers(centers)
    staffed = coverage(centers, first, last)
    wanted: dict[tuple, Cell] = {
        (center_id, cell.starts_at): cell
        for center_id, days in hours_of(centers, first, last).items()
        for day, periods in days.items()
        for cell in cells(periods)
        if staffed.is_staffed(center_id, day, part_at(cell.starts_at))
    }
    start, end = span(first, last)
    standing = Slot.objects.filter(center__in=centers).between(start, end)
    existing = {(slot.center_id, slot.starts_at): slot for slot in standing}

    new = [
        Slot(
            center_id=key[0],
            starts_at=cell.starts_at,
            ends_at=cell.ends_at,
            online_places=cell.online_places,
            desk_places=cell.desk_places,
        )
        for key, cell in wanted.items()
        if key not in existing
    ]
    Slot.objects.bulk_create(new, ignore_conflicts=True, batch_size=2000)

    vanished = [slot.pk for key, slot in existing.items() if key not in wanted and slot.closed_at is None]
    _in_batches(vanished, lambda pks: Slot.objects.filter(pk__in=pks).update(closed_at=timezone.now()))
    back = [slot.pk for key, slot in existing.items() if key in wanted and slot.closed_at is not None]
    _in_batches(back, lambda pks: Slot.objects.filter(pk__in=pks).update(closed_at=None))
    for key, slot in existing.items():
        cell = wanted.get(key)
        if cell and (slot.online_places, slot.desk_places) != (cell.online_places, cell.desk_places):
            _resize(slot.pk, cell)
    unstaffed.write(centers, staffed, start, end)
    return len(new)


def follow_duty(center: Center, first: date, last: date) -> None:
    """Called when duty has changed (settings.DUTY_FOLLOWERS). Days beyond the booking horizon are generated later."""
    first, last = _bookable(first, last)
    if first <= last:
        make_between([center], first, last)


def follow_calendar(first: date, last: date) -> None:
    """Called when the national calendar has changed (settings.CALENDAR_FOLLOWERS)."""
    first, last = _bookable(first, last)
    if first <= last:
        _make_everywhere(first, last)


def _bookable(first: date, last: date) -> tuple[date, date]:
    today, furthest = rosters.horizon()
    return max(first, today), min(last, furthest)


def _lock_centers(centers: list[Center]) -> None:
    """Lock the centers' rows: without it, two leaves agreed at the same time each see the other person on duty.

    FOR NO KEY UPDATE does not block bookings, whose foreign keys to the center need only FOR KEY SHARE.
    """
    rows = Center.objects.select_for_update(no_key=True).filter(pk__in=[center.pk for center in centers])
    list(rows.order_by("pk").values_list("pk"))


def _resize(pk: int, cell: Cell) -> None:
    # Greatest() in the UPDATE and not in Python: a booking may come between reading and writing the slot.
    Slot.objects.filter(pk=pk).update(
        online_places=Greatest(F("online_taken"), cell.online_places),
        desk_places=Greatest(F("desk_taken"), cell.desk_places),
    )


def _in_batches(pks: list[int], change) -> None:
    # Locked in id order, as bookings claim them: no deadlock.
    pks = sorted(pks)
    for at in range(0, len(pks), 500):
        list(Slot.objects.select_for_update().filter(pk__in=pks[at : at + 500]).order_by("pk").values_list("pk"))
        change(pks[at : at + 500])
