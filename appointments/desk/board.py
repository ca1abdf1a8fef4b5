"""What the desk shows of a day: one list of those who booked and those who took a number, its counts, and who is next.

A fixed number of queries, whatever its length.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment
from appointments.desk.row import Row
from appointments.tickets.hall import Hall
from appointments.tickets.models import State, Ticket
from centers.models import Center
from portal.ui import words as said

ELSEWHERE = 5
# So many lines stand open on a long day: what a phone scrolls through with two or three strokes.
AT_ONCE = 12
LETTERS = {
    State.EXPECTED: "e",
    State.WAITING: "w",
    State.CALLED: "c",
    State.DONE: "d",
    State.MISSED: "m",
    State.GONE: "g",
}
# A day's number, also with the 号 behind it; longer ones are codes and telephones.
NUMBER = re.compile(r"(\d{1,3})\D?")
# What a scanner types into the field: the address that stands on a slip or a ticket.
ADDRESS = re.compile(r"/(bookings|tickets)/([\w-]+)/?")


@dataclass(frozen=True)
class Stretch:
    """A part of the day's list; one that has a title stands folded under it."""

    title: str
    lines: list[dict]


@dataclass(frozen=True)
class Board:
    """A center's day in order of time; cancelled ones are counted but not listed."""

    center: Center
    day: date
    all: list[Row]
    now: datetime

    @property
    def rows(self) -> list[Row]:
        return self.only(None)

    def only(self, state: State | None) -> list[Row]:
        """Those who wait stand in the order in which they are called."""
        if state is None:
            return [row for row in self.all if row.state != State.GONE]
        if state == State.WAITING:
            return self.line
        return [row for row in self.all if row.state == state]

    @property
    def stretches(self) -> list[Stretch]:
        """A long list of today in three: who is through, the next ones in the order of their turn, and the others.

        A short one, and that of another day, is one list in order of time.
        """
        rows = self.rows
        if not self.is_today or len(rows) <= AT_ONCE:
            return stretch_of(rows)
        through = [row for row in rows if row.state in (State.DONE, State.MISSED)]
        ahead = [*self.only(State.CALLED), *self.line, *self.only(State.EXPECTED)]
        later = ahead[AT_ONCE:]
        return [
            *stretch_of(through, _("办完的、没来的，%(number)s位") % {"number": len(through)}),
            *stretch_of(ahead[:AT_ONCE]),
            *stretch_of(later, _("往后的，%(number)s位") % {"number": len(later)}),
        ]

    @property
    def counts(self) -> dict[State, int]:
        found = Counter(row.state for row in self.all)
        return {state: found[state] for state in State}

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate(self.now)

    @cached_property
    def hall(self) -> Hall:
        return Hall(
            self.center, self.now, [row.ticket for row in self.all if row.ticket and row.ticket.day == self.day]
        )

    @cached_property
    def line(self) -> list[Row]:
        """On a day that is over nobody is called: then in order of time."""
        waiting = [row for row in self.all if row.state == State.WAITING]
        if not self.is_today or len(waiting) < 2:
            return waiting
        place = {ticket.pk: number for number, ticket in enumerate(self.hall.waiting)}
        return sorted(waiting, key=lambda row: place.get(row.ticket.pk, len(place)) if row.ticket else len(place))

    def matching(self, words: str) -> list[Row]:
        """By the address on a slip, a number of the day, a code or its beginning, a phone's end, a part of a name."""
        if address := ADDRESS.search(words):
            return [row for row in self.all if _has_address(row, *address.groups())]
        number = NUMBER.fullmatch(words)
        if number and (numbered := [row for row in self.all if row.number == int(number[1])]):
            return numbered
        return [row for row in self.all if row.answers_to(words)]

    def find(self, key: str) -> Row | None:
        return next((row for row in self.all if row.key == key), None)

    def at_window(self, window: int | None) -> Row | None:
        return next((row for row in self.all if window and row.window == window), None)

    def next_up(self, after: Row | None = None) -> Row | None:
        """Whoever is called next; while nobody waits, whoever is due first."""
        due = self.only(State.EXPECTED)
        return next((row for row in [*self.line, *due] if row != after), None)

    @property
    def shown(self) -> str:
        """What stands in the list, short enough to be held against what stands there later."""
        return ",".join(f"{row.key}{LETTERS[row.state]}" for row in self.all)


def board(center: Center, day: date, now: datetime | None = None) -> Board:
    # Matters and cadres are few and repeat: each is read once and not with every row.
    booked = Appointment.objects.filter(center=center).on_day(day).select_related("resident", "ticket")
    numbers = Ticket.objects.of_day(center, day).filter(appointment=None)
    rows = _rows(booked.with_misses().prefetch_related("item", "booked_by"), numbers.prefetch_related("item"))
    for row in rows:
        (row.appointment or row.ticket).center = center
    return Board(center, day, rows, now or timezone.now())


def states(center: Center, day: date) -> str:
    """`Board.shown` as it is now, read from as few columns as it takes."""
    moments = ("starts_at", "arrived_at", "served_at", "missed_at", "cancelled_at")
    of_ticket = ("called_at", "done_at", "missed_at", "left_at", "number")
    booked = Appointment.objects.filter(center=center).on_day(day).select_related("ticket")
    booked = booked.only(*moments, *(f"ticket__{name}" for name in of_ticket))
    numbers = Ticket.objects.of_day(center, day).filter(appointment=None).only(*of_ticket, "taken_at", "appointment")
    return Board(center, day, _rows(booked, numbers), timezone.now()).shown


def changes(before: str, now: str) -> int:
    """How many people stand differently in two of those."""
    old, new = (dict(_parts(shown)) for shown in (before, now))
    return sum(old.get(key) != new.get(key) for key in old.keys() | new.keys())


def known(shown: str, row: Row) -> str:
    """`shown` after the desk itself has changed this row: that is news to nobody there."""
    parts = dict(_parts(shown)) | {row.key: LETTERS[row.state]}
    return ",".join(f"{key}{letter}" for key, letter in parts.items())


def on_other_days(center: Center, day: date, words: str) -> list[Appointment]:
    """For whoever comes on the wrong day: the nearest that match, today's and later ones first."""
    digits, address = said.digits(words), ADDRESS.search(words)
    if address:
        match = Q(link=address[2])
    else:
        match = Q(code=digits) | Q(phone__endswith=digits) if digits else Q(resident__name__contains=words)
    if len(words) < 2 or (digits and len(digits) < 4):
        return []
    found = Appointment.objects.for_pages().filter(match, center=center).exclude(pk__in=Appointment.objects.on_day(day))
    today = timezone.localdate()
    rows = list(found.order_by("-starts_at")[:20])
    rows.sort(key=lambda row: abs((timezone.localdate(row.starts_at) - today).days))
    return rows[:ELSEWHERE]


def stretch_of(rows: list[Row], title: str = "") -> list[Stretch]:
    return [Stretch(title, [row.words for row in rows])] if rows else []


def _rows(booked, numbers) -> list[Row]:
    rows = [Row(one, getattr(one, "ticket", None)) for one in booked]
    rows += [Row(None, ticket) for ticket in numbers]
    return sorted(rows, key=lambda row: (row.at, row.key))


def _parts(shown: str) -> list[tuple[str, str]]:
    return [(part[:-1], part[-1]) for part in shown.split(",") if len(part) > 2]


def _has_address(row: Row, kind: str, link: str) -> bool:
    of = row.appointment if kind == "bookings" else row.ticket
    return of is not None and of.link == link
