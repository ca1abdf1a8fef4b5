"""Deadlines of a case: which day it is due, and how many days are left. Pure: no models, no clock.

Sources: Administrative Licensing Law (行政许可法) Art. 82: limits given in days are workdays, without public
holidays. Civil Code Art. 201 and 203: the first day does not count, and natural days that end on a day off
end on the next workday.
"""

from collections.abc import Callable
from datetime import date, timedelta

INSTANT, WORKDAYS, DAYS, YEARLY, EXTERNAL, NONE = "instant", "workdays", "days", "yearly", "external", "none"

IsWorkday = Callable[[date], bool]
ONE_DAY = timedelta(days=1)


def add_workdays(start: date, number: int, is_workday: IsWorkday) -> date:
    """The `number`-th workday after `start`, which itself does not count; none is `start`."""
    day = start
    while number > 0:
        day += ONE_DAY
        number -= is_workday(day)
    return day


def workdays_between(first: date, last: date, is_workday: IsWorkday) -> int:
    """Workdays after `first` up to and with `last`; negative when `last` lies before `first`."""
    if last < first:
        return -workdays_between(last, first, is_workday)
    return sum(is_workday(first + timedelta(days=passed)) for passed in range(1, (last - first).days + 1))


def due(start: date, kind: str, number: int | None, is_workday: IsWorkday) -> date | None:
    """The last day of a limit that began on `start`; None for a limit that no calendar knows."""
    if kind == INSTANT:
        return start
    if kind == WORKDAYS and number:
        return add_workdays(start, number, is_workday)
    if kind == DAYS and number:
        day = start + timedelta(days=number)
        return day if is_workday(day) else add_workdays(day, 1, is_workday)
    return None


def shifted(on: date, kind: str, stopped_on: date, resumed_on: date, is_workday: IsWorkday) -> date:
    """A due day after its clock has stood still: as far away on `resumed_on` as it was on `stopped_on`."""
    if kind == DAYS:
        day = on + (resumed_on - stopped_on)
        return day if is_workday(day) else add_workdays(day, 1, is_workday)
    return add_workdays(on, max(0, workdays_between(stopped_on, resumed_on, is_workday)), is_workday)


def days_left(on: date, kind: str, today: date, is_workday: IsWorkday) -> int:
    """0 on the last day, negative once it is over; in natural days only where the limit is in natural days."""
    return (on - today).days if kind == DAYS else workdays_between(today, on, is_workday)


def is_provisional(start: date, on: date | None, is_published: Callable[[date], bool]) -> bool:
    """Whether some day up to the due day is still 待公布: holidays of that year may move the date."""
    if on is None:
        return False
    return not all(is_published(start + timedelta(days=passed)) for passed in range((on - start).days + 1))
