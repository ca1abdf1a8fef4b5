"""What a notice of holidays says, as values, and what must be true of it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from chinese_calendar import Holiday
from django.utils.translation import gettext as _

from centers.calendars import days_between, statutory_holidays
from portal.ui.words import WEEKDAYS, plain_day

NEW_YEAR = Holiday.new_years_day.chinese
LONGEST = 31  # days off in one piece; the longest so far were ten (Spring Festival of 2020)
MOST_ENTRIES = 100
LONGEST_NAME = 20  # CalendarDay.name


@dataclass(frozen=True)
class Entry:
    """Days off, or days worked, both ends included, and the festivals that they are given for."""

    is_off: bool
    first: date
    last: date
    names: tuple[str, ...] = ()

    @property
    def days(self) -> Iterator[date]:
        return days_between(self.first, self.last)

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass
class Reading:
    """What was read. With problems it cannot be entered; warnings are for the person who checks it."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def bounds(year: int) -> tuple[date, date]:
    """The days of which a year's notice may speak: New Year's holiday may begin in the December before."""
    return date(year - 1, 12, 1), date(year, 12, 31)


def belongs_to(day: date, name: str, year: int) -> bool:
    """Whether a day off by that name is of this year's notice: 元旦 in December is of the next year's."""
    return day.year + (name == NEW_YEAR and day.month == 12) == year


def in_words(day: date, year: int) -> str:
    """1月4日 周一; with the year where it is another than the notice's."""
    return plain_day(day, today=date(year, 1, 1))


def weekday_warning(day: date, said: int, year: int) -> str | None:
    """`said`: the weekday that stands beside the date, 0 Monday to 6 Sunday."""
    if day.weekday() == said:
        return None
    return _("%(day)s旁边写的是%(said)s，对不上。请看看是日期错了还是星期错了。") % {
        "day": in_words(day, year),
        "said": WEEKDAYS[said],
    }


def checked(reading: Reading, year: int) -> Reading:
    """The reading with the name of each entry, and with a problem for each that cannot be entered."""
    problems = list(reading.problems)
    if not reading.entries and not problems:
        problems.append(_("里面没有看到哪天放假、哪天上班。要有“1月1日放假”这样的话，请检查以后再来一次。"))
    if len(reading.entries) > MOST_ENTRIES:
        problems.append(_("一年的放假安排最多%(most)d条。请只留这一年的。") % {"most": MOST_ENTRIES})
        return replace(reading, entries=[], problems=problems)
    refusals = {entry: _impossible(entry, year) for entry in reading.entries}
    problems += [refusal for refusal in refusals.values() if refusal]
    possible = [entry for entry, refusal in refusals.items() if not refusal]
    named = [_named(entry, possible, year) for entry in possible]
    problems += [
        _("%(day)s是哪个节日的，没有写。请写上节日的名字。") % {"day": in_words(entry.first, year)}
        for entry in named
        if not entry.names
    ]
    problems += _contradictions(named, year)
    return replace(reading, entries=named, problems=list(dict.fromkeys(problems)))


def _impossible(entry: Entry, year: int) -> str | None:
    first, last = bounds(year)
    span = {"first": in_words(entry.first, year), "last": in_words(entry.last, year)}
    if entry.last < entry.first:
        return _("从%(first)s到%(last)s，前后颠倒了。请改一下日期。") % span
    if entry.first < first or entry.last > last:
        return _("%(first)s到%(last)s不是%(year)d年的日子。请看看年份选对了没有。") % {**span, "year": year}
    if entry.length > LONGEST:
        return _("从%(first)s到%(last)s一共%(days)d天，太长了。请看看日期。") % {**span, "days": entry.length}
    if any(len(name) > LONGEST_NAME for name in entry.names):
        return _("节日的名字最多%(most)d个字，请写短一些。") % {"most": LONGEST_NAME}
    return None


def _contradictions(entries: Iterable[Entry], year: int) -> list[str]:
    off = {day for entry in entries if entry.is_off for day in entry.days}
    worked = {day for entry in entries if not entry.is_off for day in entry.days}
    return [
        _("%(day)s又说放假，又说上班。请看看哪个对。") % {"day": in_words(day, year)} for day in sorted(off & worked)
    ]


def _named(entry: Entry, entries: Sequence[Entry], year: int) -> Entry:
    """An entry without a name has that of the statutory holiday in it, else of the nearest days off of the notice."""
    if entry.names:
        return entry
    if entry.is_off:
        by_law = statutory_holidays(year)
        if names := tuple(dict.fromkeys(by_law[day] for day in entry.days if day in by_law)):
            return replace(entry, names=names)
    others = [other for other in entries if other.is_off and other.names]
    nearest = min(others, key=lambda other: _distance(entry, other), default=None)
    return replace(entry, names=nearest.names) if nearest else entry


def _distance(one: Entry, other: Entry) -> int:
    return max((other.first - one.last).days, (one.first - other.last).days)
