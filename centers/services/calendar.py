"""Precomputing the national calendar and market days."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from centers.calendars import Day, days_between, market_days, national_day
from centers.days import keeping
from centers.models import CalendarDay, MarketDay, MarketRule
from portal import locking

YEARS_AHEAD = 2
MARKET_DAYS_AHEAD = 400
SOMEBODY_WAITS_SECONDS = 2.0


def fill(first: date, last: date) -> int:
    """Insert missing days and update pending (待公布) ones, both ends included; returns how many changed. Idempotent.

    Other days are left alone, so that manual corrections survive the next run (editing a day clears `is_pending`).
    """
    with transaction.atomic():
        days = _write(first, last)
        keeping.mark_stale(days)
    # After the commit and not in it: otherwise the slots of a whole county would stay locked until its end. Where that
    # is cut short, the job `renew-days` goes on.
    keeping.renew()
    return len(days)


def follow(days: Iterable[date]) -> None:
    """The centers' days follow a change of these days, made in this transaction by somebody who waits for the answer.

    At once for as long as somebody waits, the rest with the job `renew-days`.
    """
    keeping.mark_stale(list(days))
    transaction.on_commit(partial(keeping.renew, seconds=SOMEBODY_WAITS_SECONDS), robust=True)


def known_days(first: date, last: date) -> dict[date, Day]:
    """Each day of the calendar, both ends included; one that it lacks as `fill` would write it."""
    stored = {row.date: row.known for row in CalendarDay.objects.between(first, last)}
    return {day: stored.get(day) or national_day(day) for day in days_between(first, last)}


def locked_days(first: date, last: date) -> dict[date, CalendarDay]:
    """The rows of these days, created where they are missing. Locked in order of their dates: call it in a transaction.

    Whoever changes many days locks them first. Of two notices typed in at once the second then sees what the first has
    made of the calendar, and `fill` does not write what it has read before a notice over the notice's days.
    """
    there = set(CalendarDay.objects.between(first, last).values_list("date", flat=True))
    missing = [CalendarDay.of(day, national_day(day)) for day in days_between(first, last) if day not in there]
    CalendarDay.objects.bulk_create(missing, ignore_conflicts=True, batch_size=500)
    return {row.date: row for row in locking.all_locked(CalendarDay.objects.between(first, last))}


def write(rows: Mapping[date, CalendarDay], days: Mapping[date, Day]) -> None:
    """Give these of the locked rows their new kind, name and whether they are pending; a statement for each kind."""
    alike: dict[Day, list[date]] = {}
    for day, known in days.items():
        rows[day].known = known
        alike.setdefault(known, []).append(day)
    for known, dates in alike.items():
        CalendarDay.objects.filter(date__in=dates).update(**known._asdict())


def _write(first: date, last: date) -> list[date]:
    existing = {row.date: row for row in locking.all_locked(CalendarDay.objects.between(first, last))}
    new, changed = [], {}
    for day in days_between(first, last):
        known = Day(*national_day(day))
        row = existing.get(day)
        if row is None:
            new.append(CalendarDay.of(day, known))
        elif row.is_pending and row.known != known:
            changed[day] = known
    CalendarDay.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    write(existing, changed)
    return sorted([*changed, *(row.date for row in new)])


def fill_ahead(years: int = YEARS_AHEAD, today: date | None = None) -> int:
    """From the start of last year, which reports need, to the end of the year `years` from now."""
    year = (today or timezone.localdate()).year
    return fill(date(year - 1, 1, 1), date(year + years, 12, 31))


def precompute_market_days(rules: Iterable[MarketRule] | None = None, today: date | None = None) -> int:
    """Synchronise market days from today on with their rules; past days stay. Returns how many are new."""
    first = today or timezone.localdate()
    last = first + timedelta(days=MARKET_DAYS_AHEAD)
    return sum(_precompute(rule, first, last) for rule in (MarketRule.objects.all() if rules is None else rules))


@transaction.atomic
def _precompute(rule: MarketRule, first: date, last: date) -> int:
    wanted = set(market_days(rule.calendar, map(int, rule.digits.split(",")), first, last))
    ahead = rule.days.filter(date__gte=first)
    ahead.exclude(date__in=wanted).delete()
    new = wanted - set(ahead.values_list("date", flat=True))
    MarketDay.objects.bulk_create([MarketDay(rule=rule, date=day) for day in sorted(new)], ignore_conflicts=True)
    return len(new)
