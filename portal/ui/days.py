"""Local midnight and ranges of days as aware datetimes, in the current time zone. Reads no model.

Ranges exclude their end: `start <= moment < end`.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, timezone.get_current_timezone())


def midnight(day: date) -> datetime:
    """The start of the day."""
    return at(day, time.min)


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """From the start of `first` to the end of `last`."""
    return midnight(first), midnight(last + timedelta(days=1))


def of_day(day: date) -> tuple[datetime, datetime]:
    return span(day, day)
