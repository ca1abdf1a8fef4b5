"""Reads what was typed in, whichever way, always anew: when it is shown and when it is saved."""

from django.utils import timezone

from centers.holidays import rows, wording
from centers.holidays.drafts import Days, Draft, draft_of
from centers.holidays.entries import Reading, bounds
from centers.models import HolidayNotice
from centers.services import calendar

Way = HolidayNotice.Way
LONGEST_TEXT = 6000  # characters; a notice has about 700


def read(way: str, text: str, year: int) -> Reading:
    return wording.read(text, year) if way == Way.TEXT else rows.read(text, year)


def draft(year: int, reading: Reading, days: Days | None = None) -> Draft:
    """What the calendar becomes by it, from these days or from those that are stored now."""
    known = calendar.known_days(*bounds(year)) if days is None else days
    return draft_of(year, reading, known, timezone.localdate())
