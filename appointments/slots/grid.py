"""Cut opening periods into slots, and find start times for items longer than a slot. Pure: no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Protocol

STEP = timedelta(minutes=30)


class Period(Protocol):
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def online_places(self) -> int: ...
    @property
    def desk_places(self) -> int: ...


class Bookable(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


class Held(Protocol):
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def online_taken(self) -> int: ...
    @property
    def desk_taken(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Cell:
    starts_at: datetime
    ends_at: datetime
    online_places: int
    desk_places: int


@dataclass(frozen=True, slots=True)
class Start:
    """A time at which an item can begin: `free` people can still book all of its slots."""

    slot: int
    starts_at: datetime
    ends_at: datetime
    free: int


def cells(periods: Iterable[Period], step: timedelta = STEP) -> list[Cell]:
    """The steps of the clock (8:00, 8:30, ...) that lie wholly within an opening period.

    The grid is the same whatever the hours are: where a center opens at 8:10, the first step begins at 8:30, and one
    that a closure touches is left out without moving those after it.
    """
    made = []
    for period in periods:
        start = _on_the_clock(period.starts_at, step)
        while start + step <= period.ends_at:
            made.append(Cell(start, start + step, period.online_places, period.desk_places))
            start += step
    return made


def _on_the_clock(moment: datetime, step: timedelta) -> datetime:
    """The first step of the day that does not begin before the moment."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -((midnight - moment) // step) * step


def without_held(cell: Cell, others: Iterable[Held]) -> Cell:
    """The cell with fewer places: those that other slots hold which overlap it, off the grid.

    They are left over from other hours. Each pool loses what is held of it; what it lacks is taken from the other one,
    so that no moment has more people than seats.
    """
    over = [other for other in others if other.starts_at < cell.ends_at and other.ends_at > cell.starts_at]
    if not over:
        return cell
    online = cell.online_places - sum(other.online_taken for other in over)
    desk = cell.desk_places - sum(other.desk_taken for other in over)
    left = max(0, online + min(0, desk)), max(0, desk + min(0, online))
    return replace(cell, online_places=left[0], desk_places=left[1])


def steps_for(minutes: int, step: timedelta = STEP) -> int:
    """How many consecutive slots an item of so many minutes needs."""
    return -(-minutes * 60 // int(step.total_seconds()))


def starts(slots: Sequence[Bookable], steps: int, free_of) -> list[Start]:
    """Every start with `steps` consecutive slots. `slots` are open ones in order of time.

    `free_of(slot)` gives the free places of one slot; a start's `free` is the minimum over its slots.
    """
    if steps == 1:  # most items: nothing to compare
        return [Start(slot.pk, slot.starts_at, slot.ends_at, free_of(slot)) for slot in slots]
    found = []
    for index in range(len(slots) - steps + 1):
        run = slots[index : index + steps]
        if all(before.ends_at == after.starts_at for before, after in pairwise(run)):
            found.append(Start(run[0].pk, run[0].starts_at, run[-1].ends_at, min(free_of(slot) for slot in run)))
    return found
