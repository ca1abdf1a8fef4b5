"""Local midnight and ranges of days, in the current time zone. Reads no model.

A range ends with the midnight that it does not hold: `start <= moment < end`.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, timezone.get_current_timezone())


def midnight(day: date) -> datetime:
    """With which the day begins."""
    return at(day, time.min)


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """From the midnight before `first` to the one after `last`."""
    return midnight(first), midnight(last + timedelta(days=1))


def of_day(day: date) -> tuple[datetime, datetime]:
    return span(day, day)
