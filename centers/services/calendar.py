"""Precomputing the national calendar and market days."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from centers.calendars import days_between, market_days, national_day
from centers.days import keeping
from centers.models import CalendarDay, MarketDay, MarketRule

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


def _write(first: date, last: date) -> list[date]:
    existing = {day.date: day for day in CalendarDay.objects.between(first, last)}
    new, changed = [], []
    for day in days_between(first, last):
        kind, name, is_pending = national_day(day)
        row = existing.get(day)
        if row is None:
            new.append(CalendarDay(date=day, kind=kind, name=name, is_pending=is_pending))
        elif row.is_pending and (row.kind, row.name, row.is_pending) != (kind, name, is_pending):
            row.kind, row.name, row.is_pending = kind, name, is_pending
            changed.append(row)
    CalendarDay.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    CalendarDay.objects.bulk_update(changed, ["kind", "name", "is_pending"], batch_size=500)
    return sorted(row.date for row in (*new, *changed))


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
