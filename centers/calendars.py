"""The national workday calendar and market days. Pure: no models, no clock."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import chinese_calendar
from borax.calendars.lunardate import LunarDate, TermUtils
from chinese_calendar import Holiday

LUNAR, SOLAR, WEEK = "lunar", "solar", "week"
WORKDAY, WEEKEND, HOLIDAY, MAKE_UP_WORKDAY = "workday", "weekend", "holiday", "make_up"
HOLIDAY_NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


class Day(NamedTuple):
    """What the calendar knows of a day."""

    kind: str
    name: str  # of the holiday, or of the one that a make-up workday is worked for
    is_pending: bool


def days_between(first: date, last: date) -> Iterator[date]:
    """Both ends included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def national_day(day: date) -> Day:
    """A day from the State Council's yearly notice (chinesecalendar).

    In a year that the library does not have yet, which is pending (待公布), only the statutory holidays are known; of
    the other days, Monday to Friday count as workdays.
    """
    by_weekday = WEEKEND if day.weekday() >= 5 else WORKDAY
    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        name = statutory_holidays(day.year).get(day, "")
        return Day(HOLIDAY if name else by_weekday, name, True)
    if name is None:
        return Day(by_weekday, "", False)
    return Day(HOLIDAY if is_off else MAKE_UP_WORKDAY, HOLIDAY_NAMES.get(name, name), False)


@cache
def statutory_holidays(year: int) -> dict[date, str]:
    """The days of a year that are holidays by law, with their names, whatever the yearly notice adds to them.

    Source: the State Council's regulation on public holidays (全国年节及纪念日放假办法), Art. 2, in force since 2025.
    Only the notice says which other days are off, which weekends are worked for them, and which workday is given off
    for a statutory holiday on a weekend.
    """
    new_year = LunarDate(year, 1, 1).to_solar_date()
    festivals = [
        (Holiday.new_years_day, [date(year, 1, 1)]),
        (Holiday.spring_festival, days_between(new_year - timedelta(days=1), new_year + timedelta(days=2))),
        (Holiday.tomb_sweeping_day, [TermUtils.nth_term_day(year, term_name="qm")]),
        (Holiday.labour_day, days_between(date(year, 5, 1), date(year, 5, 2))),
        (Holiday.dragon_boat_festival, [LunarDate(year, 5, 5).to_solar_date()]),
        # Last, since the National Day wins where both fall on one day (2028, 2031).
        (Holiday.mid_autumn_festival, [LunarDate(year, 8, 15).to_solar_date()]),
        (Holiday.national_day, days_between(date(year, 10, 1), date(year, 10, 3))),
    ]
    return {day: festival.chinese for festival, days in festivals for day in days}


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
