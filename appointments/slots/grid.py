"""Cut opening periods into slots, and find start times for items longer than a slot. Pure: no database, no clock."""

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
    """A time at which an item can begin: `free` people can still book all of its slots."""

    slot: int
    starts_at: datetime
    ends_at: datetime
    free: int


def cells(periods: Iterable[Period], step: timedelta = STEP) -> list[Cell]:
    """Cut opening periods into steps; a remainder shorter than a step is dropped."""
    made = []
    for period in periods:
        start = period.starts_at
        while start + step <= period.ends_at:
            made.append(Cell(start, start + step, period.online_places, period.desk_places))
            start += step
    return made


def steps_for(minutes: int, step: timedelta = STEP) -> int:
    """How many consecutive slots an item of so many minutes needs."""
    return -(-minutes * 60 // int(step.total_seconds()))


def starts(slots: Sequence[Bookable], steps: int, free_of) -> list[Start]:
    """Every start with `steps` consecutive slots. `slots` are open ones in order of time.

    `free_of(slot)` gives the free places of one slot; a start's `free` is the minimum over its slots.
    """
    found = []
    for index in range(len(slots) - steps + 1):
        run = slots[index : index + steps]
        if all(before.ends_at == after.starts_at for before, after in pairwise(run)):
            found.append(Start(run[0].pk, run[0].starts_at, run[-1].ends_at, min(free_of(slot) for slot in run)))
    return found
