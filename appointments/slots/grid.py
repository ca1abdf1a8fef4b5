"""Making slots from opening periods, and finding starts for items longer than a slot. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Cell:
    starts_at: datetime
    ends_at: datetime
    online_places: int
    desk_places: int


@dataclass(frozen=True, slots=True)
class Start:
    """A time at which an item can begin: `free` people can still be taken through all of its slots."""

    slot: int
    starts_at: datetime
    ends_at: datetime
    free: int


def cells(periods: Iterable[Period], step: timedelta = STEP) -> list[Cell]:
    """Cut opening periods into steps; a rest shorter than a step is not offered."""
    made = []
    for period in periods:
        start = period.starts_at
        while start + step <= period.ends_at:
            made.append(Cell(start, start + step, period.online_places, period.desk_places))
            start += step
    return made


def steps_for(minutes: int, step: timedelta = STEP) -> int:
    """How many slots in a row an item of so many minutes takes."""
    return -(-minutes * 60 // int(step.total_seconds()))


def starts(slots: Sequence[Bookable], steps: int, free_of) -> list[Start]:
    """Every start from which `steps` unbroken slots follow. `slots` are open and in time order.

    `free_of(slot)` gives the free places of one slot; a start has as many as its fullest slot.
    """
    found = []
    for index in range(len(slots) - steps + 1):
        run = slots[index : index + steps]
        if all(before.ends_at == after.starts_at for before, after in pairwise(run)):
            found.append(Start(run[0].pk, run[0].starts_at, run[-1].ends_at, min(free_of(slot) for slot in run)))
    return found
