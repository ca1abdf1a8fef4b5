"""Keeping the bookable time in step with opening rules, the calendar and closures."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from appointments.models import Slot
from appointments.slots import Cell, cells
from centers.hours import hours_of
from centers.models import Center

CENTERS_AT_ONCE = 100


def make_ahead(days: int | None = None) -> int:
    """Make the slots of all active centers from today on; returns how many are new. Safe to run twice."""
    first = timezone.localdate()
    last = first + timedelta(days=settings.BOOKING_HORIZON_DAYS if days is None else days)
    centers = list(Center.objects.open_to_public())
    chunks = (centers[at : at + CENTERS_AT_ONCE] for at in range(0, len(centers), CENTERS_AT_ONCE))
    return sum(make_between(chunk, first, last) for chunk in chunks)


@transaction.atomic
def make_between(centers: Iterable[Center], first: date, last: date) -> int:
    """Bring the slots of these days in line: make, reopen, resize and close. Nothing is deleted.

    A slot whose time is no longer open takes no more bookings; those that it holds stay and are
    for the center to re-arrange. Places never fall below what is taken.
    """
    centers = list(centers)
    wanted: dict[tuple, Cell] = {
        (center_id, cell.starts_at): cell
        for center_id, days in hours_of(centers, first, last).items()
        for periods in days.values()
        for cell in cells(periods)
    }
    zone = timezone.get_current_timezone()
    start = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=1), time.min, zone)
    existing = {
        (slot.center_id, slot.starts_at): slot for slot in Slot.objects.filter(center__in=centers).between(start, end)
    }

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
    return len(new)


def _resize(pk: int, cell: Cell) -> None:
    # Judged by the database, because a booking may come in between reading the slot and writing it.
    Slot.objects.filter(pk=pk).update(
        online_places=Greatest(F("online_taken"), cell.online_places),
        desk_places=Greatest(F("desk_taken"), cell.desk_places),
    )


def _in_batches(pks: list[int], change) -> None:
    for at in range(0, len(pks), 500):
        change(pks[at : at + 500])
