"""Bookable slots follow the days of their center (centers.days): they are created, reopened, resized and closed.

Nothing is deleted. A slot outside of the opening hours is closed for new bookings, and the people booked in it are
settled (appointments.settling). Capacity never falls below the places that are occupied.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from appointments.slots import unstaffed
from appointments.slots.grid import Cell, cells, without_held
from appointments.slots.models import Slot
from centers import codes
from centers.days import keeping
from centers.days.keeping import batches, lock
from centers.days.reading import days_of
from centers.models import Center, CenterDay, Division, RuleChange
from centers.rules.reading import forget, highest_ahead
from portal import locking
from portal.ui.days import span

HORIZON = "BOOKING_HORIZON_DAYS"
# How long `reach_further` looks back; it runs more often, and `make_ahead` sees to all that it has missed.
LATELY = timedelta(minutes=10)


@dataclass(slots=True)
class Plan:
    """What makes the stored slots those of the days."""

    create: list[Slot] = field(default_factory=list)
    close: list[int] = field(default_factory=list)
    reopen: list[int] = field(default_factory=list)
    resize: list[tuple[Slot, Cell]] = field(default_factory=list)

    @property
    def broken(self) -> set[int]:
        """Primary keys of slots that are open or closed against the days, or have more places than there are seats.

        Fewer places break nothing: they come back with the next run.
        """
        too_large = {
            slot.pk
            for slot, cell in self.resize
            if slot.online_places > max(slot.online_taken, cell.online_places)
            or slot.desk_places > max(slot.desk_taken, cell.desk_places)
        }
        return {*self.close, *self.reopen, *too_large}


def make_ahead(days: int | None = None) -> int:
    """Job of settings.UPKEEP: the slots of all centers as far as each can be booked. Idempotent.

    A few centers in a transaction, so that no booking waits long. Returns how many slots are new.
    """
    return _make(list(Center.objects.order_by("pk")), days)


def reach_further() -> int:
    """Job of settings.UPKEEP: the same for the centers whose booking horizon was changed a short while ago."""
    changed = RuleChange.objects.filter(name=HORIZON, set_at__gt=timezone.now() - LATELY)
    if not (where := [_within(change.division) for change in changed.select_related("division")]):
        return 0
    forget()
    keeping.roll_on()
    return _make(list(Center.objects.filter(reduce(or_, where)).order_by("pk")))


def _within(division: Division | None) -> Q:
    return Q(division__code__range=codes.span(division.code)) if division else Q(pk__isnull=False)


def reach_of(center: int) -> date:
    """The last day for which a center has slots, also for a horizon that begins later: booking keeps to today's."""
    return timezone.localdate() + timedelta(days=highest_ahead(HORIZON, center))


def _make(centers: list[Center], days: int | None = None) -> int:
    first, done = timezone.localdate(), 0
    for batch in batches(centers):
        last = first + timedelta(days=days) if days is not None else max(reach_of(center.pk) for center in batch)
        done += make_between(batch, first, last)
    return done


@transaction.atomic
def make_between(centers: Iterable[Center], first: date, last: date) -> int:
    """The slots of these days, as their rows say; returns how many are new. Idempotent."""
    stored = days_of(lock(centers), first, last)
    return synchronize([row for days in stored.values() for row in days.values()])


def follow(rows: list[CenterDay]) -> None:
    """For settings.DAY_FOLLOWERS: in the transaction that changes the days. Later days get slots as they come near."""
    today = timezone.localdate()
    synchronize([row for row in rows if today <= row.date <= reach_of(row.center_id)])


def synchronize(rows: Sequence[CenterDay]) -> int:
    """Make the stored slots of these days those of the rows; returns how many are new. Call it with the centers locked.

    Slots are locked in id order, as bookings claim them (deadlocks).
    """
    if not rows:
        return 0
    plan = plan_for(rows)
    Slot.objects.bulk_create(plan.create, ignore_conflicts=True, batch_size=2000)
    for slots in _locked(plan.close):
        slots.update(closed_at=timezone.now())
    for slots in _locked(plan.reopen):
        slots.update(closed_at=None)
    for slot, cell in sorted(plan.resize, key=lambda change: change[0].pk):
        # Greatest() in the UPDATE and not in Python: a booking may come between reading and writing the slot.
        Slot.objects.filter(pk=slot.pk).update(
            online_places=Greatest(F("online_taken"), cell.online_places),
            desk_places=Greatest(F("desk_taken"), cell.desk_places),
        )
    unstaffed.write(rows)
    return len(plan.create)


def plan_for(rows: Sequence[CenterDay]) -> Plan:
    """Compares the stored slots of these days with the rows. One query."""
    plan, stored = Plan(), _stored(rows)
    for row in rows:
        standing = stored[row.center_id, row.date]
        wanted = {cell.starts_at: cell for cell in cells(row.open_periods)}
        off_grid = [slot for start, slot in standing.items() if start not in wanted and slot.taken]
        plan.close += [slot.pk for start, slot in standing.items() if start not in wanted and slot.closed_at is None]
        for start, cell in wanted.items():
            cell, slot = without_held(cell, off_grid), standing.get(start)
            if slot is None:
                plan.create.append(Slot(center_id=row.center_id, **asdict(cell)))
                continue
            if slot.closed_at is not None:
                plan.reopen.append(slot.pk)
            needed = max(slot.online_taken, cell.online_places), max(slot.desk_taken, cell.desk_places)
            if (slot.online_places, slot.desk_places) != needed:
                plan.resize.append((slot, cell))
    return plan


def _stored(rows: Sequence[CenterDay]) -> dict[tuple[int, date], dict[datetime, Slot]]:
    """The slots of these days by center id and day, then by start."""
    found: dict[tuple[int, date], dict[datetime, Slot]] = {(row.center_id, row.date): {} for row in rows}
    first, last = min(row.date for row in rows), max(row.date for row in rows)
    slots = Slot.objects.filter(center__in={row.center_id for row in rows}).between(*span(first, last))
    for slot in slots.order_by():
        day = found.get((slot.center_id, timezone.localdate(slot.starts_at)))
        if day is not None:
            day[slot.starts_at] = slot
    return found


def _locked(pks: list[int]) -> Iterator[QuerySet[Slot]]:
    """These slots in id order, some at a time, locked."""
    pks = sorted(pks)
    for at in range(0, len(pks), 500):
        chosen = Slot.objects.filter(pk__in=pks[at : at + 500])
        locking.lock(Slot, pks[at : at + 500])
        yield chosen
