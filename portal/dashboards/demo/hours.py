"""When the demo may stand: in working hours of its own center, on a workday. Pure, times of Asia/Shanghai given in.

Not until its doors close, so that whoever begins has an hour or two.
"""

from datetime import date, datetime, time, timedelta

from centers.calendars import MAKE_UP_WORKDAY, WORKDAY, national_day

# Within what profiles.opening_rules gives the star center: 8-12 and 13:30-18.
MORNING, AFTERNOON = (time(9, 40), time(11, 45)), (time(13, 40), time(17, 15))


def working_moment(at: datetime) -> datetime:
    """`at` itself in working hours, else the next moment that is: it never goes back while `at` goes on."""
    if not _is_workday(at.date()) or at.time() >= AFTERNOON[1]:
        day = at.date() + timedelta(days=1)
        while not _is_workday(day):
            day += timedelta(days=1)
        return datetime.combine(day, MORNING[0], at.tzinfo)
    begins, _ends = MORNING if at.time() < MORNING[1] else AFTERNOON
    return max(at, datetime.combine(at.date(), begins, at.tzinfo))


def _is_workday(day: date) -> bool:
    return national_day(day).kind in (WORKDAY, MAKE_UP_WORKDAY)
