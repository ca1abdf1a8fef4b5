"""The desk's board of a day: bookings and walk-ins in one list, with counts and the next person.

A fixed number of queries, whatever its length (no N+1).
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.displaced import unsettled
from appointments.booking.models import Appointment, Status
from appointments.desk.row import Row
from appointments.tickets.hall import Hall
from appointments.tickets.models import State, Ticket
from centers.models import Center
from portal.ui import words as said

ELSEWHERE = 5
# Rows shown unfolded on a long day: about two or three swipes on a phone.
UNFOLDED = 12
STATE_CODES = {
    State.EXPECTED: "e",
    State.WAITING: "w",
    State.CALLED: "c",
    State.DONE: "d",
    State.MISSED: "m",
    State.GONE: "g",
}
# A ticket number, with or without 号; longer digits are booking codes or phone numbers.
NUMBER = re.compile(r"(\d{1,3})\D?")
# Scanned QR codes: the URL of a slip or a ticket.
ADDRESS = re.compile(r"/(bookings|tickets)/([\w-]+)/?")


@dataclass(frozen=True)
class Stretch:
    """A section of the day's list; a section with a title is folded."""

    title: str
    lines: list[dict]


@dataclass(frozen=True)
class Board:
    """A center's day in order of time; cancelled appointments are counted but not listed."""

    center: Center
    day: date
    all: list[Row]
    now: datetime

    @property
    def rows(self) -> list[Row]:
        return self.only(None)

    def only(self, state: State | None) -> list[Row]:
        """Waiting people are in queue order."""
        if state is None:
            return [row for row in self.all if row.state != State.GONE]
        if state == State.WAITING:
            return self.queue
        return [row for row in self.all if row.state == state]

    @property
    def stretches(self) -> list[Stretch]:
        """Sections of a long list of today: next in queue order, later, done.

        A short list, or another day's, is one section in order of time.
        """
        rows = self.rows
        if not self.is_today or len(rows) <= UNFOLDED:
            return stretch_of(rows)
        through = [row for row in rows if row.state in (State.DONE, State.MISSED)]
        ahead = [*self.only(State.CALLED), *self.queue, *self.only(State.EXPECTED)]
        later = ahead[UNFOLDED:]
        return [
            *stretch_of(ahead[:UNFOLDED]),
            *stretch_of(later, _("往后的，%(number)s位") % {"number": len(later)}),
            *stretch_of(through, _("办完的、没来的，%(number)s位") % {"number": len(through)}),
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
    def queue(self) -> list[Row]:
        """Waiting people in queue order; in order of time on a past day, when nobody is called any more."""
        waiting = [row for row in self.all if row.state == State.WAITING]
        if not self.is_today or len(waiting) < 2:
            return waiting
        place = {ticket.pk: number for number, ticket in enumerate(self.hall.waiting)}
        return sorted(waiting, key=lambda row: place.get(row.ticket.pk, len(place)) if row.ticket else len(place))

    def matching(self, words: str, *, can_see_names: bool) -> list[Row]:
        """Search by the URL of a slip or ticket, ticket number, code (prefix), phone (last four), or part of a name.

        Of a name that the list masks, by what its mask shows.
        """
        if address := ADDRESS.search(words):
            return [row for row in self.all if _has_address(row, *address.groups())]
        number = NUMBER.fullmatch(words)
        if number and (numbered := [row for row in self.all if row.number == int(number[1])]):
            return numbered
        return [row for row in self.all if row.matches(words, can_see_names=can_see_names)]

    def find(self, key: str) -> Row | None:
        return next((row for row in self.all if row.key == key), None)

    def at_window(self, window: int | None) -> Row | None:
        return next((row for row in self.all if window and row.window == window), None)

    def next_up(self, after: Row | None = None) -> Row | None:
        """The next in the queue; with an empty queue, the first one due."""
        due = [row for row in self.only(State.EXPECTED) if not row.is_displaced]
        return next((row for row in [*self.queue, *due] if row != after), None)

    @property
    def shown(self) -> str:
        """The board's state as a short string, to detect changes later (see `changes`)."""
        return ",".join(f"{row.key}{STATE_CODES[row.state]}" for row in self.all)


def board(center: Center, day: date, now: datetime | None = None) -> Board:
    # prefetch_related for items and staff: few distinct rows, so each is loaded once instead of joined to every row.
    booked = Appointment.objects.settled_at(center).on_day(day).select_related("resident", "ticket")
    numbers = Ticket.objects.of_day(center, day).filter(appointment=None)
    here = Appointment.objects.settled_at(center).on_day(day)
    to_settle = unsettled(here.with_status(Status.BOOKED)).values_list("pk", flat=True)
    rows = _rows(
        booked.with_misses().prefetch_related("item", "booked_by"),
        numbers.prefetch_related("item"),
        set(to_settle),
    )
    merged: dict[int, Center] = {}
    if any(row.appointment and row.appointment.center_id != center.pk for row in rows):
        merged = center.merged_in.select_related("division", "leads_to__division").in_bulk()
    for row in rows:
        one = row.appointment or row.ticket
        one.center = merged.get(one.center_id, center)
    return Board(center, day, rows, now or timezone.now())


def states(center: Center, day: date) -> str:
    """`Board.shown` of the current state, from a minimal set of columns: it is polled."""
    moments = ("starts_at", "arrived_at", "served_at", "missed_at", "cancelled_at")
    of_ticket = ("called_at", "done_at", "missed_at", "left_at", "number")
    booked = Appointment.objects.settled_at(center).on_day(day).select_related("ticket")
    booked = booked.only(*moments, *(f"ticket__{name}" for name in of_ticket))
    numbers = Ticket.objects.of_day(center, day).filter(appointment=None).only(*of_ticket, "taken_at", "appointment")
    return Board(center, day, _rows(booked, numbers), timezone.now()).shown


def changes(before: str, now: str) -> int:
    """How many people have another state in the second string than in the first."""
    old, new = (dict(_parts(shown)) for shown in (before, now))
    return sum(old.get(key) != new.get(key) for key in old.keys() | new.keys())


def known(shown: str, row: Row) -> str:
    """`shown` with this row's new state, so that the desk's own change is not reported to it as news."""
    parts = dict(_parts(shown)) | {row.key: STATE_CODES[row.state]}
    return ",".join(f"{key}{letter}" for key, letter in parts.items())


def on_other_days(center: Center, day: date, words: str, *, can_see_names: bool) -> list[Appointment]:
    """For whoever comes on the wrong day: the nearest that match, today's and later ones first."""
    digits, address = said.digits(words), ADDRESS.search(words)
    if address:
        match = Q(link=address[2])
    else:
        name = Q(resident__name_key__contains=words) if can_see_names else Q(resident__name_key__name_seen=words)
        match = Q(code=digits) | Q(phone__number_seen=digits) if digits else name
    if len(words) < 2 or (digits and len(digits) < 4):
        return []
    found = (
        Appointment.objects.settled_at(center).for_pages().filter(match).exclude(pk__in=Appointment.objects.on_day(day))
    )
    today = timezone.localdate()
    rows = list(found.order_by("-starts_at")[:20])
    rows.sort(key=lambda row: abs((timezone.localdate(row.starts_at) - today).days))
    return rows[:ELSEWHERE]


def stretch_of(rows: list[Row], title: str = "") -> list[Stretch]:
    return [Stretch(title, [row.words for row in rows])] if rows else []


def _rows(booked, numbers, displaced_pks: Collection[int] = ()) -> list[Row]:
    rows = [Row(one, getattr(one, "ticket", None), one.pk in displaced_pks) for one in booked]
    rows += [Row(None, ticket) for ticket in numbers]
    return sorted(rows, key=lambda row: (row.at, row.key))


def _parts(shown: str) -> list[tuple[str, str]]:
    return [(part[:-1], part[-1]) for part in shown.split(",") if len(part) > 2]


def _has_address(row: Row, kind: str, link: str) -> bool:
    of = row.appointment if kind == "bookings" else row.ticket
    return of is not None and of.link == link
