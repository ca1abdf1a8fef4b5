"""What the calendar becomes by a notice, day by day, and what to look at before it is entered. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from centers.calendars import HOLIDAY, MAKE_UP_WORKDAY, WEEKEND, WORKDAY, Day, statutory_holidays
from centers.holidays.entries import Reading, belongs_to, in_words

Days = Mapping[date, Day]


@dataclass(frozen=True)
class Change:
    date: date
    before: Day
    after: Day

    @property
    def is_other(self) -> bool:
        """Not only published: another kind of day, or another name."""
        return self.before[:2] != self.after[:2]


@dataclass(frozen=True)
class Draft:
    """`seen` identifies the calendar that it was made from (optimistic locking)."""

    year: int
    changes: list[Change]
    warnings: list[str]
    seen: str

    @property
    def rows(self) -> list[tuple[str, Change]]:
        """What is shown, each with its day in words."""
        return [(in_words(change.date, self.year), change) for change in self.shown]

    @property
    def shown(self) -> list[Change]:
        """Of a year that was pending all days off and make-up workdays, of a published one what differs."""
        special = (HOLIDAY, MAKE_UP_WORKDAY)
        return [change for change in self.changes if change.is_other or change.after.kind in special]

    @property
    def other_hours(self) -> list[date]:
        """Days that become days of another kind, with its opening hours: who is booked may find the center closed."""
        return [one.date for one in self.changes if one.before.kind != one.after.kind]

    @property
    def unchanged(self) -> int:
        """How many days only become known."""
        return len(self.changes) - len(self.shown)


def draft_of(year: int, reading: Reading, days: Days, today: date) -> Draft:
    """`days`: the calendar within `entries.bounds` of the year."""
    after = _after(year, reading, days)
    changes = [Change(day, known, after[day]) for day, known in days.items() if known != after[day]]
    warnings = [*reading.warnings, *_warnings(year, reading, changes, after, today)]
    return Draft(year, changes, list(dict.fromkeys(warnings)), fingerprint(days))


def fingerprint(days: Days) -> str:
    """Differs as soon as any of the days is another than it was."""
    said = "\n".join(f"{day} {known.kind} {known.name} {known.is_pending}" for day, known in sorted(days.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _after(year: int, reading: Reading, days: Days) -> dict[date, Day]:
    """What the notice says of a festival takes the place of all that was known of it.

    A festival that it does not name stays as it is, so that a correction need not repeat the whole year. All other
    days of the year become known as they are.
    """
    named = {name for entry in reading.entries for name in entry.names}
    after = {}
    for day, known in days.items():
        if known.name in named and belongs_to(day, known.name, year):
            after[day] = Day(_by_weekday(day), "", False)
        else:
            after[day] = known._replace(is_pending=known.is_pending and day.year != year)
    by_law = statutory_holidays(year)
    for entry in reading.entries:
        for day in entry.days:
            name = _name_of(day, entry.names, by_law)
            if entry.is_off:
                after[day] = Day(HOLIDAY, name, False)
            elif day.weekday() >= 5:
                after[day] = Day(MAKE_UP_WORKDAY, name, False)
            else:
                after[day] = Day(WORKDAY, "", False)
    return after


def _by_weekday(day: date) -> str:
    return WEEKEND if day.weekday() >= 5 else WORKDAY


def _name_of(day: date, names: tuple[str, ...], by_law: Mapping[date, str]) -> str:
    """Of several festivals in one piece ("国庆节、中秋节") the one whose day it is by law, else the longest."""
    if by_law.get(day) in names:
        return by_law[day]
    return max(names, key=list(by_law.values()).count)


def _warnings(year: int, reading: Reading, changes: list[Change], after: Days, today: date) -> list[str]:
    named = {name for entry in reading.entries for name in entry.names}
    missing: dict[str, list[date]] = {}
    for day, name in statutory_holidays(year).items():
        if name not in named or after[day].kind != HOLIDAY:
            missing.setdefault(name, []).append(day)
    warnings = [_missing(name, days, name in named, year) for name, days in missing.items()]
    for entry in reading.entries:
        if entry.first.year != year:
            said = {"day": in_words(entry.first, year), "year": year}
            warnings.append(_("%(day)s不在%(year)d年里，也会一起改。") % said)
        for day in entry.days:
            if not entry.is_off and day.weekday() < 5:
                warnings.append(_("%(day)s本来就上班，不用调休。请看看日期。") % {"day": in_words(day, year)})
    past = [change.date for change in changes if change.is_other and change.date < today]
    if past:
        warnings.append(
            _("%(day)s等%(days)d天已经过去了，也会改。请再看看是不是要改。")
            % {"day": in_words(past[0], year), "days": len(past)}
        )
    return warnings


def _missing(name: str, days: list[date], is_named: bool, year: int) -> str:
    said = {"name": name, "day": in_words(days[0], year)}
    if is_named:
        return _("%(day)s是法定的%(name)s，按这份安排却不放假。请对一下通知。") % said
    return _("没有写%(name)s怎么放（法定的是%(day)s起），日历里的%(name)s先不动。请看看是不是漏了。") % said
