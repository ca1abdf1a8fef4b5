"""Dates, moments and numbers from outside: query parameters, form values and JSON, which may contain anything.

The only reader of what a program sends; portal.ui.dates reads the spellings of a date.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.ui import dates
from portal.ui.text import clean_text

LONGEST = 30
LONGEST_ADDRESS = 200  # a QR scanner types the whole URL of a slip
LONGEST_NUMBER = 18  # digits; fits into a 64-bit column
LARGEST = 2**63 - 1  # of a 64-bit column
EARLIEST, LATEST = date(2000, 1, 1), dates.LATEST  # of what a page shows


def typed(request: HttpRequest, name: str = "q", longest: int = LONGEST) -> str:
    """The query parameter, cleaned and cut to `longest` characters; "" if it is missing or invalid."""
    try:
        return clean_text(request.GET.get(name, ""))[:longest]
    except ValidationError:
        return ""


def number(text: str | None) -> int | None:
    """A non-negative integer of ASCII digits only; None for anything else."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def pk(value: Any) -> int | None:
    """A primary key from JSON; None for anything else."""
    return value if type(value) is int and 0 < value <= LARGEST else None


def moment(milliseconds: Any) -> datetime | None:
    """A moment from JSON, as JavaScript's Date.now() gives it, from 1970 to LATEST; None for anything else.

    From 1970, because a computer whose battery is empty begins there.
    """
    if type(milliseconds) not in (int, float):
        return None
    try:
        told = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):  # OSError: the year does not fit into the platform's own type
        return None
    return told if milliseconds >= 0 and told.date() <= LATEST else None


def day(text: str | None) -> date | None:
    """A date (portal.ui.dates) from EARLIEST to LATEST; None for anything else."""
    return _of_our_time(dates.read(text or ""))


def month(text: str | None) -> date | None:
    """The first day of a month, likewise."""
    return _of_our_time(dates.read_month(text or ""))


def _of_our_time(named: date | None) -> date | None:
    return named if named and EARLIEST <= named <= LATEST else None
