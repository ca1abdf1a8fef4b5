"""Entering a year's notice into the calendar, and undoing it.

Both lock the days first. What was shown is identified by the fingerprint of the calendar that it was made from (`seen`,
optimistic locking): if the calendar is another by now, nothing is written.
"""

from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers.calendars import Day
from centers.holidays.drafts import Change, Days, fingerprint
from centers.holidays.entries import bounds
from centers.holidays.reading import draft, read
from centers.holidays.years import years
from centers.models import HolidayNotice
from centers.services import calendar
from portal.accounts.models import User
from portal.ui.errors import Changed, RuleBroken
from portal.ui.idempotency import KeyReused, make_once


class CalendarChanged(Changed):
    message = gettext_lazy("日历刚刚被改过了，什么都没有动。下面是现在的情况，请再看一遍。")


def enter(*, year: int, way: str, text: str, seen: str, key: str, by: User) -> HolidayNotice:
    """Enter what was typed in. With a `key` that has entered something already it returns that notice.

    Raises CalendarChanged, KeyReused and RuleBroken `year`, `unreadable`, `same`; nothing is written then.
    """
    notice = make_once(
        partial(_enter, year=year, way=way, text=text, seen=seen, key=key, by=by),
        lambda: HolidayNotice.objects.filter(key=key).first(),
    )
    if (notice.year, notice.way, notice.text, notice.entered_by_id) != (year, way, text, by.pk):
        raise KeyReused
    return notice


def _enter(*, year: int, way: str, text: str, seen: str, key: str, by: User) -> HolidayNotice:
    if year not in years():
        raise RuleBroken(_("现在只能录入今年和后两年的放假安排。请换一个年份。"), code="year", field="year")
    reading = read(way, text, year)
    if reading.problems:
        raise RuleBroken(reading.problems[0], code="unreadable")
    rows = calendar.locked_days(*bounds(year))
    new = draft(year, reading, {day: row.known for day, row in rows.items()})
    if new.seen != seen:
        raise CalendarChanged
    if not new.changes:
        raise RuleBroken(_("日历里已经是这样了，没有要改的。"), code="same")
    calendar.write(rows, {change.date: change.after for change in new.changes})
    notice = HolidayNotice(
        year=year,
        way=way,
        text=text,
        before={change.date.isoformat(): change.before for change in new.changes},
        after={change.date.isoformat(): change.after for change in new.changes},
        key=key,
        entered_by=by,
    )
    notice.full_clean(validate_unique=False)  # the key: make_once
    notice.save()
    calendar.follow(notice.days)
    return notice


def restored_by(notice: HolidayNotice, days: Days) -> tuple[list[Change], list[date]]:
    """What undoing it changes, and the days that stay because somebody has changed them since."""
    changes, kept = [], []
    for day, (before, after) in notice.days.items():
        if days[day] == after:
            changes.append(Change(day, after, before))
        else:
            kept.append(day)
    return changes, kept


def days_of(notice: HolidayNotice) -> dict[date, Day]:
    """The calendar of the notice's year as it is now."""
    return calendar.known_days(*bounds(notice.year))


def refusal_to_undo(notice: HolidayNotice) -> RuleBroken | None:
    """Why a notice that stands cannot be undone now: only the last of a year can."""
    later = HolidayNotice.objects.standing().filter(year=notice.year, pk__gt=notice.pk)
    if not later.exists():
        return None
    return RuleBroken(_("这一年后来又录了一次。请先撤回后来的那一次。"), code="later")


def undo(*, notice: HolidayNotice, seen: str, by: User) -> HolidayNotice:
    """Give the days back what they were before. Nothing happens to a notice that is undone already.

    Raises CalendarChanged and RuleBroken `later`; nothing is written then.
    """
    return _undo(notice.pk, seen, by)


@transaction.atomic
def _undo(pk: int, seen: str, by: User) -> HolidayNotice:
    rows = calendar.locked_days(*bounds(HolidayNotice.objects.get(pk=pk).year))
    notice = HolidayNotice.objects.get(pk=pk)  # once more: under the lock nobody else undoes it
    if notice.undone_at:
        return notice
    if refusal := refusal_to_undo(notice):
        raise refusal
    days = {day: row.known for day, row in rows.items()}
    if fingerprint(days) != seen:
        raise CalendarChanged
    changes, _kept = restored_by(notice, days)
    calendar.write(rows, {change.date: change.after for change in changes})
    notice.undone_at, notice.undone_by = timezone.now(), by
    notice.save(update_fields=["undone_at", "undone_by"])
    calendar.follow([change.date for change in changes])
    return notice
