"""Queue snapshot of a waiting room: who is waiting, in which order they are called, and the estimated wait.

A fixed number of queries, whatever the number of people. Contains no names, because the public sees it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.functional import Promise

from appointments.tickets import order
from appointments.tickets.models import Ticket
from appointments.tickets.order import RecentCalls, Wait, Waiting, WalkInShare
from centers.days.half_days import part_at
from centers.days.reading import day_of
from centers.models import Center, CenterDay, Part
from centers.rules.reading import value
from portal.prepared import Prepared

RECENT, SAMPLE_SIZE, OUTLIER = timedelta(days=7), 40, timedelta(hours=2)
WINDOW_IS_OPEN = timedelta(minutes=45)


@dataclass(frozen=True)
class Hall:
    """`tickets` are all tickets of today, each with its appointment."""

    center: Center
    now: datetime
    tickets: list[Ticket]

    @cached_property
    def day(self) -> CenterDay | None:
        return day_of(self.center, timezone.localdate(self.now))

    @property
    def is_proved(self) -> bool:
        """Whether somebody is known to be there in this half day: a guess of the wait is no promise without it."""
        return self.day is not None and self.day.proof(self.part) is not None

    @property
    def part(self) -> str:
        return part_at(timezone.localtime(self.now))

    @property
    def unproved(self) -> str | Promise:
        """The half day in words, if nobody is known to be there in it yet; else empty."""
        return "" if self.is_proved else Part(self.part).label

    @cached_property
    def waiting(self) -> list[Ticket]:
        """In the order in which they will be called."""
        by_pk = {ticket.pk: ticket for ticket in self.tickets if ticket.is_waiting}
        return [by_pk[one.pk] for one in self._queue([_waiting(ticket) for ticket in by_pk.values()])]

    @cached_property
    def at_windows(self) -> list[Ticket]:
        """Called and not yet closed, by window."""
        return sorted((ticket for ticket in self.tickets if ticket.is_called), key=lambda ticket: ticket.window)

    @property
    def calls(self) -> list[Ticket]:
        """All calls of today, the latest first."""
        called = [ticket for ticket in self.tickets if ticket.called_at]
        return sorted(called, key=lambda ticket: (ticket.called_at, ticket.pk), reverse=True)

    @cached_property
    def windows(self) -> int:
        """Number of open windows: with somebody at it now, or a call within the last 45 minutes."""
        since = self.now - WINDOW_IS_OPEN
        return len({ticket.window for ticket in self.calls if ticket.is_called or ticket.called_at > since}) or 1

    @cached_property
    def minutes(self) -> float | None:
        """Estimated minutes for one person."""
        expected = [ticket.matter.minutes for ticket in self.waiting if ticket.matter]
        return order.minutes_each(recent_service_minutes(self.center, self.now), expected)

    def wait_of(self, ticket: Ticket) -> Wait:
        ahead = next((number for number, one in enumerate(self.waiting) if one.pk == ticket.pk), 0)
        return self._wait(ahead)

    @property
    def wait_of_newcomer(self) -> Wait:
        """For somebody without priority who takes a ticket now."""
        newcomer = Waiting(0, self.now)
        return self._wait(self._queue([*map(_waiting, self.waiting), newcomer]).index(newcomer))

    def at_window(self, window: int | None) -> Ticket | None:
        return next((ticket for ticket in self.at_windows if window and ticket.window == window), None)

    def _queue(self, waiting: list[Waiting]) -> list[Waiting]:
        if len(waiting) < 2:
            return waiting
        return order.queue(waiting, self.now, self._share, grace(self.center.pk), self._recent_calls)

    @cached_property
    def _share(self) -> WalkInShare:
        return share_at(self.day, self.now)

    def _wait(self, ahead: int) -> Wait:
        return order.wait(ahead, self.minutes, self.windows, len(self.at_windows))

    @property
    def _recent_calls(self) -> RecentCalls:
        called = sorted((ticket for ticket in self.tickets if ticket.called_at), key=lambda ticket: ticket.called_at)
        return RecentCalls.of(_waiting(ticket).turn(ticket.called_at, grace(self.center.pk)) for ticket in called)


def hall(center: Center, now: datetime | None = None) -> Hall:
    now = now or timezone.now()
    return Hall(center, now, _tickets(center=center.pk, day=timezone.localdate(now)))


@Prepared
def _tickets(center: int, day: date):
    today = Ticket.objects.filter(center=center, day=day).select_related("appointment__item", "item")
    return today.order_by("number")


def grace(center: int) -> timedelta:
    return timedelta(minutes=value("DESK_GRACE_MINUTES", center))


def share_at(day: CenterDay | None, now: datetime) -> WalkInShare:
    """Walk-in capacity of the opening period at this time; our default outside of opening hours."""
    openings = day.hours if day else []
    opening = next((one for one in openings if one.starts_at <= now < one.ends_at), None)
    return (
        WalkInShare(opening.online_places + opening.desk_places, opening.walk_in_places) if opening else WalkInShare()
    )


def recent_service_minutes(center: Center, now: datetime) -> list[float]:
    """Recent service times, without outliers: tickets that nobody closed until hours later."""
    closed = Ticket.objects.filter(center=center, done_at__gt=now - RECENT, called_at__isnull=False)
    moments = closed.order_by("-done_at").values_list("called_at", "done_at")[:SAMPLE_SIZE]
    return list(_minutes(moments))


def _minutes(moments: Iterable[tuple[datetime, datetime]]) -> Iterable[float]:
    return ((done - called).total_seconds() / 60 for called, done in moments if done - called < OUTLIER)


def _waiting(ticket: Ticket) -> Waiting:
    due = None if ticket.is_walk_in else ticket.appointment.starts_at
    is_first = bool(ticket.priority) and ticket.priority in _priorities(ticket.center_id)
    return Waiting(ticket.pk, ticket.waits_from, due, is_first)


def _priorities(center: int) -> list[str]:
    return value("QUEUE_PRIORITIES", center)
