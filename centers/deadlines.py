"""Deadlines of a case in workdays or natural days. Pure: no models, no clock.

Sources: Administrative Licensing Law (行政许可法) Art. 82: periods in days are workdays, without public holidays.
Civil Code Art. 201 and 203: the first day does not count; a period of natural days that ends on a day off ends on
the next workday.
"""

from collections.abc import Callable
from datetime import date, timedelta

INSTANT, WORKDAYS, DAYS, YEARLY, EXTERNAL, NONE = "instant", "workdays", "days", "yearly", "external", "none"

IsWorkday = Callable[[date], bool]
ONE_DAY = timedelta(days=1)


def add_workdays(start: date, number: int, is_workday: IsWorkday) -> date:
    """The `number`-th workday after `start`, exclusive; `start` itself when `number` is 0."""
    day = start
    while number > 0:
        day += ONE_DAY
        number -= is_workday(day)
    return day


def workdays_between(first: date, last: date, is_workday: IsWorkday) -> int:
    """Number of workdays after `first`, up to and including `last`; negative when `last` is before `first`."""
    if last < first:
        return -workdays_between(last, first, is_workday)
    return sum(is_workday(first + timedelta(days=passed)) for passed in range(1, (last - first).days + 1))


def due(start: date, kind: str, number: int | None, is_workday: IsWorkday) -> date | None:
    """The last day of a period that began on `start`; None for kinds without a fixed date."""
    if kind == INSTANT:
        return start
    if kind == WORKDAYS and number:
        return add_workdays(start, number, is_workday)
    if kind == DAYS and number:
        day = start + timedelta(days=number)
        return day if is_workday(day) else add_workdays(day, 1, is_workday)
    return None


def shifted(on: date, kind: str, stopped_on: date, resumed_on: date, is_workday: IsWorkday) -> date:
    """The due day `on`, moved by a pause of the clock: as many days left on `resumed_on` as on `stopped_on`."""
    if kind == DAYS:
        day = on + (resumed_on - stopped_on)
        return day if is_workday(day) else add_workdays(day, 1, is_workday)
    return add_workdays(on, max(0, workdays_between(stopped_on, resumed_on, is_workday)), is_workday)


def days_left(on: date, kind: str, today: date, is_workday: IsWorkday) -> int:
    """Days until the due day `on`, in the unit of `kind`; 0 on the last day, negative when overdue."""
    return (on - today).days if kind == DAYS else workdays_between(today, on, is_workday)


def is_provisional(start: date, on: date | None, is_published: Callable[[date], bool]) -> bool:
    """Whether the period touches days whose holidays are not published yet (待公布), which may move the due day."""
    if on is None:
        return False
    return not all(is_published(start + timedelta(days=passed)) for passed in range((on - start).days + 1))
