"""The years whose notice can be typed in, and what the calendar has of each."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils import timezone

from centers.calendars import MAKE_UP_WORKDAY, WORKDAY, national_day
from centers.models import CalendarDay, HolidayNotice
from centers.services import calendar
from portal.ui.words import short_day

WORKED = (WORKDAY, MAKE_UP_WORKDAY)


def years(today: date | None = None) -> range:
    """This year and those that the calendar is filled for."""
    year = (today or timezone.localdate()).year
    return range(year, year + calendar.YEARS_AHEAD + 1)


@dataclass(frozen=True)
class Festival:
    """A holiday of a year: its days off, in pieces as people say them, and the days worked for them."""

    name: str
    off: list[str]
    worked: list[str]


@dataclass(frozen=True)
class Year:
    number: int
    is_pending: bool
    festivals: list[Festival]
    notice: HolidayNotice | None  # the last that stands
    doubtful: list[str]  # days that a release of the library, since a notice was typed in, knows otherwise

    @classmethod
    def of(cls, number: int) -> "Year":
        days = list(CalendarDay.objects.between(date(number, 1, 1), date(number, 12, 31)))
        notice = HolidayNotice.objects.standing().filter(year=number).select_related("entered_by").first()
        return cls(
            number=number,
            # Days that are missing are as unknown as those that are pending.
            is_pending=not days or any(day.awaits_notice for day in days),
            festivals=_festivals(days),
            notice=notice,
            doubtful=[short_day(day.date) for day in days if _library_differs(day)] if notice else [],
        )


def _library_differs(day: CalendarDay) -> bool:
    known = national_day(day.date)
    return not known.is_pending and (known.kind in WORKED) != day.is_workday


def first_pending() -> int:
    """The first year whose notice is not in the calendar, else the next one."""
    today = timezone.localdate()
    day = CalendarDay.objects.between(today, date(years()[-1], 12, 31)).awaiting_notice().values_list("date", flat=True)
    return pending.year if (pending := day.first()) else today.year + 1


def _festivals(days: list[CalendarDay]) -> list[Festival]:
    off = [day for day in days if day.kind == CalendarDay.Kind.HOLIDAY]
    worked = [day for day in days if day.kind == CalendarDay.Kind.MAKE_UP_WORKDAY]
    names = dict.fromkeys(day.name for day in sorted([*off, *worked], key=lambda day: (day in worked, day.date)))
    return [
        Festival(
            name=name,
            off=_pieces([day.date for day in off if day.name == name]),
            worked=[short_day(day.date) for day in worked if day.name == name],
        )
        for name in names
    ]


def _pieces(days: list[date]) -> list[str]:
    """Each run of consecutive days: 2月5日–2月11日."""
    runs = groupby(enumerate(days), key=lambda pair: pair[1] - timedelta(days=pair[0]))
    pieces = [[day for _at, day in run] for _start, run in runs]
    return ["–".join(dict.fromkeys([short_day(piece[0]), short_day(piece[-1])])) for piece in pieces]
