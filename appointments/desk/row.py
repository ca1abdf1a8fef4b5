"""One person of the day, with the texts of the desk's list precomputed as a dict.

Performance: two hundred rows are rendered at a time, and templates read a dict with finished strings many times faster
than an object with filters and translated blocks.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.booking.models import Appointment, Status
from appointments.catalog.models import ServiceItem
from appointments.tickets.models import State, Ticket
from centers.models import Resident
from portal.ui import names, words
from portal.ui.seen import shows_name, shows_number

SET, OFF, OPEN = "set", "off", ""
# State of the buttons 已到, 已办, 未到, 撤回 in each state. `set`: already marked, a repeat changes nothing.
MARKS = {
    State.EXPECTED: (OPEN, OPEN, OPEN, OFF),
    State.WAITING: (SET, OPEN, OFF, OPEN),
    State.CALLED: (SET, OPEN, OPEN, OPEN),
    State.DONE: (SET, SET, OFF, OPEN),
    State.MISSED: (OPEN, OFF, SET, OPEN),
    State.GONE: (OFF, OFF, OFF, OFF),
}
PILLS = {  # tone and icon; the label is `_label`
    State.EXPECTED: ("info", "clock"),
    State.WAITING: ("now", "in"),
    State.CALLED: ("call", "bell"),
    State.DONE: ("good", "check"),
    State.MISSED: ("bad", "cross"),
    State.GONE: ("", "stop"),
}
UNMARKED = ("warn", "edit")


@dataclass(frozen=True)
class Row:
    """One person of the day: a booking, a ticket, or both. `is_displaced`: the time of the booking is not open."""

    appointment: Appointment | None
    ticket: Ticket | None
    is_displaced: bool = False

    @cached_property
    def key(self) -> str:
        return f"a{self.appointment.pk}" if self.appointment else f"t{self.ticket.pk}"

    @cached_property
    def state(self) -> State:
        if self.appointment is None:
            return self.ticket.state
        if self.appointment.status == Status.ARRIVED and self.ticket and self.ticket.is_called:
            return State.CALLED
        return State(self.appointment.status.value)

    @property
    def base(self) -> str:
        """URL prefix of its page and its marks."""
        if self.appointment:
            return f"/desk/appointments/{self.appointment.pk}/"
        return f"/desk/tickets/{self.ticket.pk}/"

    @property
    def at(self) -> datetime:
        return self.appointment.starts_at if self.appointment else self.ticket.taken_at

    @property
    def is_walk_in(self) -> bool:
        return self.appointment is None or bool(self.ticket and self.ticket.is_walk_in)

    @property
    def number(self) -> int | None:
        """The ticket's number, once the person has arrived."""
        return self.ticket.number if self.ticket and self.state != State.EXPECTED else None

    @property
    def resident(self) -> Resident | None:
        return self.appointment.resident if self.appointment else None

    @property
    def item(self) -> ServiceItem | None:
        return self.appointment.item if self.appointment else self.ticket.item

    @property
    def window(self) -> int | None:
        return self.ticket.window if self.ticket and self.state == State.CALLED else None

    @property
    def priority(self) -> str:
        return self.ticket.get_priority_display() if self.ticket and self.ticket.priority else ""

    @property
    def is_unmarked(self) -> bool:
        """No mark was set on the day itself."""
        return self.state == State.EXPECTED and timezone.localdate(self.at) < timezone.localdate()

    @property
    def is_late(self) -> bool:
        return bool(self.appointment and self.appointment.late_at)

    @cached_property
    def words(self) -> dict:
        return words_of(self)

    def matches(self, typed: str, *, can_see_names: bool) -> bool:
        """Whether it is its code, digits of its phone that are shown, or of its names a part or what the mask shows."""
        digits = words.digits(typed)
        booked = self.appointment
        if not digits and not can_see_names:
            return bool(booked) and shows_name(booked.resident.name_key, typed)
        if not digits:
            key = names.key(typed)
            return bool(booked) and (key in booked.resident.name_key or key in names.key(booked.contact_name))
        return bool(booked) and (booked.code.startswith(digits) or shows_number(booked.phone, digits))


def words_of(row: Row) -> dict:
    """`name` and `helper` are unmasked: templates show them only with VIEW_CONTACTS, else `masked`."""
    visit, number, state = row.appointment, row.number, row.state
    tone, icon = UNMARKED if row.is_unmarked else PILLS[state]
    arrive, serve, miss, undo = MARKS[state]
    is_displaced = row.is_displaced and state == State.EXPECTED
    texts = {
        "key": row.key,
        "base": row.base,
        "state": state.value,
        "when": words.clock(row.at),
        "number": _("%(number)s号") % {"number": number} if number else "",
        "code": _("现场取号") if row.is_walk_in else words.code(visit.code) if visit else "",
        "what": str(row.item) if row.item else "",
        "priority": _("优先：%(why)s") % {"why": row.priority} if row.priority else "",
        "more": "",
        "tone": tone,
        "icon": icon,
        "said": _label(row),
        "hint": _hint(row),
        "is_displaced": is_displaced,
        "arrive": arrive,
        "serve": serve,
        "miss": OFF if is_displaced else miss,
        # A walk-in has no earlier state to return to.
        "undo": OFF if state == State.WAITING and row.is_walk_in else undo,
    }
    if visit:
        texts |= _of_visit(row)
    texts["who"] = texts.get("name") or texts["number"]
    return texts


def _of_visit(row: Row) -> dict:
    visit = row.appointment
    helper = {"name": visit.contact_name, "relation": visit.get_relation_display()} if visit.contact_name else None
    return {
        "name": visit.resident.name,
        "masked": words.masked_name(visit.resident.name),
        "phone": words.masked_phone(visit.phone) if visit.phone else "",
        "size": _("%(number)s人") % {"number": visit.party_size} if visit.party_size > 1 else "",
        "helper": _("%(relation)s%(name)s代约") % helper if helper else "",
        "more": "" if row.is_walk_in else _how(row),
    }


def _how(row: Row) -> str:
    """Details of the booking: channel, who typed it, note, late arrival."""
    visit = row.appointment
    parts = [visit.get_channel_display()]
    if visit.booked_by_id and visit.channel != "online":
        parts.append(_("%(name)s登记") % {"name": visit.booked_by})
    if visit.note:
        parts.append(visit.note)
    if row.is_late:
        parts.append(_("来晚了，不占名额"))
    return " · ".join(map(str, parts))


def _label(row: Row) -> str:
    if row.is_unmarked:
        return _("没登记")
    if row.state == State.CALLED:
        return _("在办 · %(window)s号窗口") % {"window": row.window}
    return str(row.state.label)


def _hint(row: Row) -> str:
    """Whether somebody who is still expected has confirmed, or should be called."""
    if row.state != State.EXPECTED or row.is_unmarked or row.is_displaced:
        return ""
    if row.appointment.confirmed_at:
        return _("说会来")
    return _("打电话确认一下") if row.appointment.needs_a_call else ""
