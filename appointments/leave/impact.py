"""Booked appointments affected by a leave, and who can stand in. Seven queries, whatever the number."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from appointments.booking import messages
from appointments.booking.models import Appointment, Status
from appointments.slots.unstaffed import handlers_of
from centers.days.half_days import half_days, part_at
from centers.days.reading import days_of
from centers.models import DutyShift, Leave, Staff
from portal.notifications.models import Channel, Message
from portal.ui.days import span


@dataclass(frozen=True, slots=True)
class AffectedAppointment:
    """`stand_ins` are on duty then and handle the item; without any, the appointment cannot take place."""

    appointment: Appointment
    stand_ins: list[Staff]
    told_at: datetime | None

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
    notified_at = _notified_at([row for row, _there in found], leave)
    return [
        AffectedAppointment(row, [people[pk] for pk in there], notified_at.get(messages.subject_of(row)))
        for row, there in found
    ]


def _notified_at(rows: list[Appointment], leave: Leave) -> dict[str, datetime]:
    subjects = [messages.subject_of(row) for row in rows]
    said = Message.objects.filter(subject__in=subjects, kind=messages.DUTY_CHANGED, channel=Channel.INBOX)
    return dict(said.filter(occasion=leave.agreed_at).values_list("subject", "created_at")) if leave.agreed_at else {}
