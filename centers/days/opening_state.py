"""Whether a center is open now, until when, and when it opens next, in words for villagers.

Where a published roster leaves a half day unstaffed, the center counts as closed. Seven queries, whatever the number
of centers; six when none has a roster.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from centers.days.half_days import openings_in
from centers.days.hours import hours_of
from centers.days.opening import Opening
from centers.days.staffing import Coverage, coverage
from centers.models import CalendarDay, Center, ClosureNotice
from portal.ui import words
from portal.ui.days import of_day, span

DAYS_AHEAD = 14


@dataclass(frozen=True, slots=True)
class Day:
    """One day's opening periods; `note` says why they differ from other weeks. `awaits_notice`: as of a CalendarDay."""

    date: date
    openings: list[Opening]
    note: str
    awaits_notice: bool = False
    unstaffed: tuple[Opening, ...] = ()  # within opening hours, but nobody is on duty


@dataclass(frozen=True, slots=True)
class OpeningState:
    """`state` is for example 现在开门, `more` 今天开到下午5:30; `days` starts today."""

    is_open: bool
    state: str
    more: str
    days: list[Day]

    @property
    def is_known(self) -> bool:
        """False when no opening hours are entered, which is not the same as closed."""
        return any(day.openings or day.note for day in self.days)

    @property
    def words(self) -> str:
        return f"{self.state} · {self.more}"


def opening_states(centers: Iterable[Center], now: datetime | None = None) -> dict[int, OpeningState]:
    """Opening states by center id."""
    centers, now = list(centers), timezone.localtime(now)
    if not centers:
        return {}
    first, last = now.date(), now.date() + timedelta(days=DAYS_AHEAD - 1)
    hours, staffed = hours_of(centers, first, last), coverage(centers, first, last)
    calendar = {day.date: day for day in CalendarDay.objects.between(first, last)}
    closures = defaultdict(list)
    for closure in ClosureNotice.objects.filter(center__in=centers).approved().touching(*span(first, last)):
        closures[closure.center_id].append(closure)
    return {
        center.pk: _state(
            [
                _day(center.pk, day, openings, staffed, calendar.get(day), closures[center.pk])
                for day, openings in hours[center.pk].items()
            ],
            now,
            bool(center.phone),
        )
        for center in centers
    }


def _day(
    center: int,
    day: date,
    openings: list[Opening],
    staffed: Coverage,
    listed: CalendarDay | None,
    closures: list[ClosureNotice],
) -> Day:
    note, awaits_notice = _note(day, listed, closures), listed is not None and listed.awaits_notice
    if not staffed.is_rostered(center, day):
        return Day(day, openings, note, awaits_notice)
    left = openings_in(openings, lambda part: staffed.is_staffed(center, day, part))
    gone = openings_in(openings, lambda part: not staffed.is_staffed(center, day, part))
    return Day(day, left, note or (_("没有人值班") if gone and not left else ""), awaits_notice, tuple(gone))


def hours_words(openings: list[Opening]) -> list[str]:
    """Such as 上午8:30–11:30; the part of the day is repeated only where it changes."""
    return [f"{words.clock(opening.starts_at)}–{_end_words(opening)}" for opening in openings]


def _end_words(opening: Opening) -> str:
    start, end = timezone.localtime(opening.starts_at), timezone.localtime(opening.ends_at)
    same_part = words.part_of_day(start.hour) == words.part_of_day(end.hour)
    return words.short_clock(end) if same_part else words.clock(end)


def _state(days: list[Day], now: datetime, has_phone: bool) -> OpeningState:
    ahead = [opening for day in days for opening in day.openings if opening.ends_at > now]
    if ahead and ahead[0].starts_at <= now:
        return OpeningState(True, _("现在开门"), _open_words(ahead, now), days)
    if any(opening.starts_at <= now < opening.ends_at for opening in days[0].unstaffed):
        return OpeningState(False, _("现在没有人值班"), _next_words(ahead, now, has_phone), days)
    state = (
        _("今天不开门（%(reason)s）") % {"reason": days[0].note}
        if days[0].note and not days[0].openings
        else _("现在休息")
    )
    return OpeningState(False, state, _next_words(ahead, now, has_phone), days)


def _open_words(ahead: list[Opening], now: datetime) -> str:
    until, later = ahead[0].ends_at, [opening for opening in ahead[1:] if opening.starts_at.date() == now.date()]
    if later and later[0].starts_at > until:
        return _("开到%(until)s，%(again)s再开") % {
            "until": words.clock(until),
            "again": words.clock(later[0].starts_at),
        }
    return _("今天开到%(until)s") % {"until": words.clock((later[-1] if later else ahead[0]).ends_at)}


def _next_words(ahead: list[Opening], now: datetime, has_phone: bool) -> str:
    if not ahead:
        return _("什么时候开门请打电话问") if has_phone else _("什么时候开门还没有登记")
    opens = timezone.localtime(ahead[0].starts_at)
    away = (opens.date() - now.date()).days
    day = words.near_day(opens) if away <= 2 else words.plain_day(opens)
    return _("%(day)s%(time)s开门") % {"day": day, "time": words.clock(opens)}


def _note(day: date, listed: CalendarDay | None, closures: list[ClosureNotice]) -> str:
    for closure in closures:
        start, end = of_day(day)
        if closure.starts_at < end and closure.ends_at > start:
            return closure.note or closure.get_reason_display()
    if listed is None or listed.kind in (CalendarDay.Kind.WORKDAY, CalendarDay.Kind.WEEKEND):
        return ""
    return listed.name or listed.get_kind_display()
