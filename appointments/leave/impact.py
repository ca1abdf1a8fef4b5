"""Booked appointments affected by a leave, who can stand in, and who knows it. Eight queries, whatever the number."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise

from appointments.booking import messages
from appointments.booking.models import Appointment, Status
from appointments.settling.reached import word_of
from appointments.slots.unstaffed import handlers_of
from centers.days.half_days import half_days, part_at
from centers.days.reading import days_of
from centers.models import DutyShift, Leave, Staff
from portal.notifications.models import Channel, Message, State
from portal.ui.days import span


@dataclass(frozen=True, slots=True)
class AffectedAppointment:
    """`stand_ins` are on duty then and handle the item; without any, the appointment cannot take place.

    `contact`: whether the person knows it, such as 消息在路上; empty if nobody has begun to tell them.
    """

    appointment: Appointment
    stand_ins: list[Staff]
    contact: str | Promise

    @property
    def part(self) -> str:
        return part_at(timezone.localtime(self.appointment.starts_at))

    @property
    def stands_in(self) -> str:
        return self.stand_ins[0].name if self.stand_ins else ""


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
    handlers = handlers_of([center])[center.pk]
    days = days_of([center], leave.first_date, leave.last_date)[center.pk]
    people = {one.pk: one for one in Staff.objects.filter(center=center)}
    found = []
    for row in rows.with_status(Status.BOOKED).order_by("starts_at", "pk"):
        moment = timezone.localtime(row.starts_at)
        half, named = (moment.date(), part_at(moment)), handlers.get(row.item.code)
        if half not in half_days_on_duty or (named and person.pk not in named):
            continue
        there = days[half[0]].people(half[1]) - {person.pk} if half[0] in days else set()
        found.append((row, sorted(there & named if named else there)))
    contacts = _contacts(leave, [row for row, there in found if there], [row for row, there in found if not there])
    return [AffectedAppointment(row, [people[pk] for pk in there], contacts.get(row.pk, "")) for row, there in found]


def _contacts(leave: Leave, handed_over: list[Appointment], without: list[Appointment]) -> dict[int, str | Promise]:
    """By appointment id. Who has a stand-in is told of that; the time of the others is closed, and they are told so."""
    asked = {(messages.subject_of(row), messages.DUTY_CHANGED, leave.agreed_at): row.pk for row in handed_over}
    asked |= {(messages.subject_of(row), messages.CLOSED, row.starts_at): row.pk for row in without}
    said = Message.objects.filter(subject__in={key[0] for key in asked}, kind__in={key[1] for key in asked})
    states: dict[int, str | None] = {}
    for one in said.exclude(state=State.WITHDRAWN).order_by("pk"):
        pk = asked.get((one.subject, one.kind, one.occasion))
        if pk is not None and (one.channel != Channel.INBOX or pk not in states):
            states[pk] = None if one.channel == Channel.INBOX else one.state
    return {pk: word_of(state) for pk, state in states.items()}
