"""A center's opening periods on a day, from opening rules, day kind and closures. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from typing import Protocol

MONDAY = 0


class Rule(Protocol):
    weekday: int
    opens: time
    closes: time
    season_start: str
    season_end: str
    online_places: int
    desk_places: int
    walk_in_places: int


class Closure(Protocol):
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    starts_at: datetime
    ends_at: datetime
    online_places: int
    desk_places: int
    walk_in_places: int = 1


def in_season(day: date, start: str, end: str) -> bool:
    """`start` and `end` are "MM-DD", inclusive; without them all year."""
    return not start or is_between(f"{day:%m-%d}", start, end)


def is_between(month_day: str, start: str, end: str) -> bool:
    """Of "MM-DD", inclusive; a season may cross New Year."""
    return start <= month_day <= end if start <= end else month_day >= start or month_day <= end


def openings_on(
    day: date, kind: str, rules: Iterable[Rule], closures: Iterable[Closure], zone: tzinfo
) -> list[Opening]:
    """The day's opening periods in order, minus closures.

    None on a statutory holiday (duty is by telephone then); a make-up workday uses Monday's rules. Both are our
    defaults. Seasonal rules replace the all-year rules of that weekday.
    """
    if kind == "holiday":
        return []
    weekday = MONDAY if kind == "make_up" else day.weekday()
    today = [rule for rule in rules if rule.weekday == weekday and in_season(day, rule.season_start, rule.season_end)]
    if seasonal := [rule for rule in today if rule.season_start]:
        today = seasonal
    periods = [
        Opening(
            datetime.combine(day, rule.opens, zone),
            datetime.combine(day, rule.closes, zone),
            rule.online_places,
            rule.desk_places,
            rule.walk_in_places,
        )
        for rule in today
    ]
    for closure in closures:
        periods = [piece for period in periods for piece in _without(period, closure)]
    return sorted(periods, key=lambda period: period.starts_at)


def _without(period: Opening, closure: Closure) -> list[Opening]:
    if closure.ends_at <= period.starts_at or closure.starts_at >= period.ends_at:
        return [period]
    pieces = []
    if period.starts_at < closure.starts_at:
        pieces.append(replace(period, ends_at=closure.starts_at))
    if closure.ends_at < period.ends_at:
        pieces.append(replace(period, starts_at=closure.ends_at))
    return pieces
