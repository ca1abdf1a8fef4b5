"""Queue order and waiting time estimates. Pure: no database, no clock.

Our defaults: priority goes first, but after three of them in a row somebody else is called; then booked people whose
time has come, and after as many of them as the opening rules book for each walk-in place, one walk-in. So nobody
starves. Who comes early waits until the booked time unless nobody else is waiting; who comes late queues as a walk-in
from the time of arrival.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import ceil

FIRST_IN_A_ROW = 3
STEP = 5  # minutes: a more precise estimate would not be credible
LEAST, MOST = 0.8, 1.3  # range of the estimate, as factors of the mean
MIN_SAMPLE = 3  # sample size: people served before their mean is used


class Turn(Enum):
    PRIORITY = "priority"
    BOOKED = "booked"
    WALK_IN = "walk_in"
    EARLY = "early"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue. `due` is the booked time, None for a walk-in; `since` is when they began to wait."""

    pk: int
    since: datetime
    due: datetime | None = None
    first: bool = False

    def turn(self, now: datetime, grace: timedelta) -> Turn:
        if self.due is not None and self.due > now:
            return Turn.EARLY
        return Turn.PRIORITY if self.first else self.kind(grace)

    def kind(self, grace: timedelta) -> Turn:
        """Booked or walk-in: booked people who arrived after their grace period count as walk-ins."""
        return Turn.WALK_IN if self.due is None or self.since > self.due + grace else Turn.BOOKED


@dataclass(frozen=True, slots=True)
class WalkInShare:
    """People booked in an opening period, and the places that it reserves for walk-ins."""

    booked: int = 3
    walk_ins: int = 1

    @property
    def booked_in_a_row(self) -> int | None:
        """How many booked people may go before a walk-in; None when no places are reserved for walk-ins."""
        return max(1, ceil(self.booked / self.walk_ins)) if self.walk_ins else None


@dataclass(frozen=True, slots=True)
class RecentCalls:
    """Recent calls: consecutive ones with priority, and booked ones since the last walk-in."""

    first: int = 0
    booked: int = 0

    @classmethod
    def of(cls, turns: Iterable[Turn]) -> "RecentCalls":
        recent = cls()
        for turn in turns:
            recent = recent.then(turn)
        return recent

    def then(self, turn: Turn) -> "RecentCalls":
        if turn == Turn.PRIORITY:
            return RecentCalls(self.first + 1, self.booked)
        return RecentCalls(0, 0 if turn == Turn.WALK_IN else self.booked + 1)


def queue(
    waiting: Sequence[Waiting], now: datetime, share: WalkInShare, grace: timedelta, recent: RecentCalls
) -> list[Waiting]:
    """Everybody waiting, in the order in which they would be called if nobody else came."""
    queues = _queues(waiting, now, grace)
    called = []
    while turn := _next_turn(queues, share, recent):
        called.append(queues[turn].popleft())
        recent = recent.then(turn)
    return called


def _queues(waiting: Sequence[Waiting], now: datetime, grace: timedelta) -> dict[Turn, deque[Waiting]]:
    def order(one: Waiting) -> tuple:
        booked = one.turn(now, grace) in (Turn.BOOKED, Turn.EARLY)
        return (one.due if booked else one.since, one.since, one.pk)

    queues: dict[Turn, deque[Waiting]] = {turn: deque() for turn in Turn}
    for one in sorted(waiting, key=order):
        queues[one.turn(now, grace)].append(one)
    return queues


def _next_turn(queues: dict[Turn, deque[Waiting]], share: WalkInShare, recent: RecentCalls) -> Turn | None:
    others = queues[Turn.BOOKED] or queues[Turn.WALK_IN]
    if queues[Turn.PRIORITY] and (recent.first < FIRST_IN_A_ROW or not others):
        return Turn.PRIORITY
    if queues[Turn.BOOKED] and queues[Turn.WALK_IN]:
        limit = share.booked_in_a_row
        return Turn.WALK_IN if limit is not None and recent.booked >= limit else Turn.BOOKED
    return next((turn for turn in (Turn.BOOKED, Turn.WALK_IN, Turn.EARLY) if queues[turn]), None)


@dataclass(frozen=True, slots=True)
class Wait:
    """`ahead` people go first, which takes `least` to `most` minutes; both are None without an estimate."""

    ahead: int
    least: int | None
    most: int | None

    @property
    def is_now(self) -> bool:
        return self.most == 0


def wait(ahead: int, minutes: float | None, windows: int, at_desk: int = 0) -> Wait:
    """The wait of somebody with `ahead` people before them, at `minutes` a person and `windows` windows.

    People `at_desk` are half done on average. Without a free window nobody is called at once.
    """
    windows = max(windows, 1)
    if not ahead and at_desk < windows:
        return Wait(0, 0, 0)
    if minutes is None:
        return Wait(ahead, None, None)
    mean = (ahead + min(at_desk, windows) / 2) * minutes / windows
    least = int(mean * LEAST // STEP) * STEP
    return Wait(ahead, least, max(least + STEP, ceil(mean * MOST / STEP) * STEP))


def minutes_each(recent: Sequence[float], expected: Sequence[int]) -> float | None:
    """Mean of the recent service times; with too few samples, the mean of the expected durations."""
    if len(recent) >= MIN_SAMPLE:
        return sum(recent) / len(recent)
    return sum(expected) / len(expected) if expected else None
