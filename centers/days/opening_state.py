"""Whether a center is open now, until when, and when it opens next, in words for villagers. From its stored days.

Where a published roster leaves a half day unstaffed, the center counts as closed. At most two queries, whatever the
number of centers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from centers.calendars import days_between
from centers.days.models import as_openings, words_of
from centers.days.opening import Opening
from centers.days.reading import Door, doors_of
from centers.models import Center, ClosureNotice
from portal.ui import words

# Most centers open again within the first look, whose rows are a fraction of all; the others are looked at further.
FIRST_LOOK, DAYS_AHEAD = 3, 14


@dataclass(frozen=True)
class Day:
    """One day's opening periods; `note` says why they differ from other weeks. `door` is None for an unarranged day."""

    date: date
    door: Door | None

    @cached_property
    def openings(self) -> list[Opening]:
        return as_openings(self.door.openings, self.date) if self.door else []

    @property
    def unstaffed(self) -> list[Opening]:
        """Within opening hours, but nobody is on duty."""
        return as_openings(self.door.unstaffed, self.date) if self.door else []

    @property
    def note(self) -> str:
        return words_of(self.door.reason, self.door.note) if self.door else ""

    @property
    def aside(self) -> str:
        """The note beside the periods; of a day that is closed in part it says which part."""
        if self.door and self.openings and self.door.reason in ClosureNotice.Reason.values:
            return _("其余时间不开：%(why)s") % {"why": self.note}
        return self.note

    @property
    def awaits_notice(self) -> bool:
        return self.door is not None and self.door.awaits_notice


@dataclass(frozen=True, slots=True)
class OpeningState:
    """`state` is for example 现在开门, `more` 今天开到下午5:30; `days` starts today, see `opening_states`."""

    is_open: bool
    state: str
    more: str
    days: list[Day]

    @property
    def is_known(self) -> bool:
        """False when no opening hours are entered, which is not the same as closed."""
        return any(day.openings or day.note for day in self.days)

    def is_due(self, now: datetime) -> bool:
        """Whether today's opening hours include the moment, whoever is on duty."""
        today = [*self.days[0].openings, *self.days[0].unstaffed]
        return any(one.starts_at <= now < one.ends_at for one in today)

    @property
    def words(self) -> str:
        return f"{self.state} · {self.more}"


def opening_states(
    centers: Iterable[Center], now: datetime | None = None, *, whole: bool = False
) -> dict[int, OpeningState]:
    """Opening states by center id. `days` has all DAYS_AHEAD days if `whole`, else as many as were looked at."""
    centers, now = list(centers), timezone.localtime(now)
    if not centers:
        return {}
    today, look = now.date(), DAYS_AHEAD if whole else FIRST_LOOK
    days = _days(centers, today, look)
    shut = [center for center in centers if _next_opening(days[center.pk], now) is None] if not whole else []
    for pk, more in (_days(shut, today + timedelta(days=look), DAYS_AHEAD - look) if shut else {}).items():
        days[pk] += more
    return {center.pk: _state(days[center.pk], now, bool(center.phone)) for center in centers}


def _days(centers: list[Center], first: date, number: int) -> dict[int, list[Day]]:
    last = first + timedelta(days=number - 1)
    stored = doors_of(centers, first, last)
    return {pk: [Day(day, doors.get(day)) for day in days_between(first, last)] for pk, doors in stored.items()}


def _next_opening(days: list[Day], now: datetime) -> Opening | None:
    """The first that is not over yet."""
    return next((opening for day in days for opening in day.openings if opening.ends_at > now), None)


def hours_words(openings: list[Opening]) -> list[str]:
    """Such as 上午8:30–11:30; the part of the day is repeated only where it changes."""
    return [f"{words.clock(opening.starts_at)}–{_end_words(opening)}" for opening in openings]


def _end_words(opening: Opening) -> str:
    start, end = timezone.localtime(opening.starts_at), timezone.localtime(opening.ends_at)
    same_part = words.part_of_day(start.hour) == words.part_of_day(end.hour)
    return words.short_clock(end) if same_part else words.clock(end)


def _state(days: list[Day], now: datetime, has_phone: bool) -> OpeningState:
    following = _next_opening(days, now)
    if following and following.starts_at <= now:
        today = [opening for opening in days[0].openings if opening.ends_at > now]
        return OpeningState(True, _("现在开门"), _open_words(today), days)
    if any(opening.starts_at <= now < opening.ends_at for opening in days[0].unstaffed):
        return OpeningState(False, _("现在没有人值班"), _next_words(following, now, has_phone), days)
    why = days[0].note if not days[0].openings else ""
    state = _("今天不开门（%(reason)s）") % {"reason": why} if why else _("现在休息")
    return OpeningState(False, state, _next_words(following, now, has_phone), days)


def _open_words(today: list[Opening]) -> str:
    until, later = today[0].ends_at, today[1:]
    if later and later[0].starts_at > until:
        return _("开到%(until)s，%(again)s再开") % {
            "until": words.clock(until),
            "again": words.clock(later[0].starts_at),
        }
    return _("今天开到%(until)s") % {"until": words.clock(today[-1].ends_at)}


def _next_words(following: Opening | None, now: datetime, has_phone: bool) -> str:
    if following is None:
        return _("什么时候开门请打电话问") if has_phone else _("什么时候开门还没有登记")
    opens = timezone.localtime(following.starts_at)
    away = (opens.date() - now.date()).days
    day = words.near_day(opens) if away <= 2 else words.plain_day(opens)
    return _("%(day)s%(time)s开门") % {"day": day, "time": words.clock(opens)}
