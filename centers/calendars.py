"""The national workday calendar and market days. Pure: no models, no clock."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import chinese_calendar
from borax.calendars.lunardate import LunarDate

LUNAR, SOLAR, WEEK = "lunar", "solar", "week"
WORKDAY, WEEKEND, HOLIDAY, MAKE_UP_WORKDAY = "workday", "weekend", "holiday", "make_up"
HOLIDAY_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


def days_between(first: date, last: date) -> Iterator[date]:
    """Both ends included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def national_day(day: date) -> tuple[str, str, bool]:
    """(kind, name of the holiday, is pending) of a day, from the State Council's yearly notice (chinesecalendar).

    A year that the library does not have yet is pending (待公布): Monday to Friday count as workdays.
    """
    by_weekday = WEEKEND if day.weekday() >= 5 else WORKDAY
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return by_weekday, "", True
    if name is None:
        return by_weekday, "", False
    return HOLIDAY if is_off else MAKE_UP_WORKDAY, HOLIDAY_NAMES.get(name, name), False


def market_days(calendar: str, digits: Iterable[int], first: date, last: date) -> list[date]:
    """The days of a market (赶集), both ends included.

    Monthly calendars list last digits of the day: 逢三八 are the 3rd, 8th, 13th and so on, 逢十 (digit 0) the 10th,
    20th and 30th. A lunar month without a 30th skips that market: our default, villages differ.
    The weekly calendar lists weekdays, 1 Monday to 7 Sunday.
    """
    wanted = set(digits)
    return [day for day in days_between(first, last) if _counted(calendar, day) in wanted]


def _counted(calendar: str, day: date) -> int:
    if calendar == WEEK:
        return day.isoweekday()
    return (LunarDate.from_solar(day).day if calendar == LUNAR else day.day) % 10
