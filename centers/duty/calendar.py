"""A person's shifts as an iCalendar subscription (RFC 5545)."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from centers.days import staffing
from centers.days.half_days import AFTERNOON, EVENING, MORNING, pieces
from centers.days.hours import hours_of
from centers.duty.people import shifts_ahead
from centers.models import DutyShift, Staff
from portal.ui import days
from portal.ui.calendar_uids import calendar_uid

# Times shown for on-call duty, which has no opening hours (docs/domain.md, Duty).
USUAL = {MORNING: (time(8, 30), time(12)), AFTERNOON: (time(14, 30), time(17, 30)), EVENING: (time(18), time(20))}


def calendar_of(person: Staff) -> bytes:
    """The iCalendar file. A UID is that of a person's half day: a shift given away disappears on the next refresh."""
    shifts = shifts_ahead(person)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Jiamenkou//Duty//ZH")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("%(center)s 我的班") % {"center": person.center.name})
    if shifts:
        first, last = shifts[0].date, shifts[-1].date
        hours = hours_of([person.center], first, last)[person.center_id]
        away = staffing.absences([person.center], first, last)
        for shift in shifts:
            if (person.pk, shift.date, shift.part) not in away:
                calendar.add_component(_event(shift, person.calendar_key, *_span(shift, hours.get(shift.date, []))))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(shift: DutyShift, key: str | None, start: datetime, end: datetime) -> Event:
    event, center = Event(), shift.center
    event.add("uid", calendar_uid("duty", f"{key} {shift.date:%Y%m%d} {shift.part}"))
    event.add("dtstamp", timezone.now())
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", f"{shift.get_kind_display()} · {shift.get_position_display()}")
    event.add("location", " ".join(filter(None, [center.name, center.address])))
    return event


def _span(shift: DutyShift, openings: list) -> tuple[datetime, datetime]:
    mine = [piece for opening in openings for part, piece in pieces(opening) if part == shift.part]
    if mine and shift.kind == DutyShift.Kind.OFFICE:
        return mine[0].starts_at, mine[-1].ends_at
    return tuple(days.at(shift.date, moment) for moment in USUAL[shift.part])
