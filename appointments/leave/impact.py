"""Booked appointments affected by a leave, who can stand in, and who knows it. Eight queries, whatever the number."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise

from appointments.booking import messages
from appointments.booking.displaced import has_reason, with_displacement
from appointments.booking.models import Appointment, Status
from appointments.settling.reached import word_of
from appointments.slots.unstaffed import handlers_of
from centers.days.half_days import half_days, part_at
from centers.days.reading import days_of
from centers.models import Center, CenterDay, DutyShift, Leave, Staff
from portal.notifications.models import Channel, Message, State
from portal.ui.days import span


@dataclass(frozen=True, slots=True)
class AffectedAppointment:
    """`stand_ins` are on duty then and handle the item; none where the time is closed, for whatever reason.

    `contact`: whether the person knows it, such as 消息在路上; empty if nobody has begun to tell them. `times`: how
    often they were told of a stand-in during this leave, who may change.
    """

    appointment: Appointment
    stand_ins: list[Staff]
    contact: str | Promise
    times: int

    @property
    def part(self) -> str:
        return part_at(timezone.localtime(self.appointment.starts_at))

    @property
    def stands_in(self) -> str:
        return self.stand_ins[0].name if self.stand_ins else ""

    @property
    def is_kept(self) -> bool:
        """Its time is closed, and it takes place on purpose."""
        return self.appointment.is_kept and has_reason(self.appointment)

    @property
    def is_left(self) -> bool:
        """Nobody sees to it, and nobody has decided on it."""
        return not self.stand_ins and not self.is_kept


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is on duty at a center on some days, and who handles what."""

    days: dict[date, CenterDay]
    handlers: dict[str, set[int]]

    @classmethod
    def of(cls, center: Center, first: date, last: date) -> "Desk":
        return cls(days_of([center], first, last)[center.pk], handlers_of([center])[center.pk])

    def handles(self, person: int, row: Appointment) -> bool:
        named = self.handlers.get(row.item.code)
        return not named or person in named

    def there(self, row: Appointment) -> set[int]:
        """Ids of those on duty at the time of the booking who handle its item."""
        moment = timezone.localtime(row.starts_at)
        day = self.days.get(moment.date())
        people = day.people(part_at(moment)) if day else set()
        return {person for person in people if self.handles(person, row)}


def affected_by(leave: Leave, now: datetime | None = None) -> list[AffectedAppointment]:
    """Future appointments in the leave's half days for items that the person handles, in order of time."""
    now = now or timezone.now()
    person, center = leave.staff, leave.staff.center
    away = half_days(leave.first_date, leave.first_part, leave.last_date, leave.last_part)
    shifts = (
        DutyShift.objects.published()
        .between(leave.first_date, leave.last_date)
        .filter(
            staff=person, kind=DutyShift.Kind.OFFICE, position__in=(DutyShift.Position.MAIN, DutyShift.Position.BACKUP)
        )
    )
    half_days_on_duty = {half for half in shifts.values_list("date", "part") if away(*half)}
    if not half_days_on_duty:
        return []
    start, end = span(leave.first_date, leave.last_date)
    rows = Appointment.objects.for_pages().filter(center=center).between(max(start, now), end)
    rows = with_displacement(rows.with_status(Status.BOOKED)).order_by("starts_at", "pk")
    desk = Desk.of(center, leave.first_date, leave.last_date)
    people = {one.pk: one for one in Staff.objects.filter(center=center)}
    found = []
    for row in rows:
        moment = timezone.localtime(row.starts_at)
        if (moment.date(), part_at(moment)) in half_days_on_duty and desk.handles(person.pk, row):
            there = [] if has_reason(row) else sorted(desk.there(row) - {person.pk})
            found.append((row, [people[pk] for pk in there]))
    return _with_contacts(leave, found)


def _with_contacts(leave: Leave, found: list[tuple[Appointment, list[Staff]]]) -> list[AffectedAppointment]:
    """Who has a stand-in is told of that; the time of the others is closed, and they are told so."""
    keys = [messages.subject_of(row) for row, _there in found]
    said = Message.objects.filter(subject__in=keys, kind__in=[messages.DUTY_CHANGED, messages.CLOSED])
    by_subject: dict[str, list[Message]] = {}
    for message in said.order_by("number", "pk"):
        by_subject.setdefault(message.subject, []).append(message)
    return [_with_contact(leave, row, there, by_subject.get(messages.subject_of(row), [])) for row, there in found]


def _with_contact(leave: Leave, row: Appointment, there: list[Staff], said: list[Message]) -> AffectedAppointment:
    handed_over = [one for one in said if one.kind == messages.DUTY_CHANGED and one.occasion == leave.agreed_at]
    times = max((one.number + 1 for one in handed_over), default=0)
    if there:
        told = [one for one in handed_over if one.number == times - 1 and one.detail == there[0].name]
    else:
        told = [one for one in said if one.kind == messages.CLOSED and one.occasion == row.starts_at]
    told = [one for one in told if one.state != State.WITHDRAWN]
    states = [one.state for one in told if one.channel != Channel.INBOX]
    return AffectedAppointment(row, there, word_of(states[-1] if states else None) if told else "", times)
