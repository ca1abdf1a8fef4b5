"""Parsing of query parameters and form values, which may contain anything."""

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.ui import dates
from portal.ui.text import clean_text

LONGEST = 30
LONGEST_ADDRESS = 200  # a QR scanner types the whole URL of a slip
LONGEST_NUMBER = 18  # digits; fits into a 64-bit column
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)  # beyond, adding days could overflow


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


def day(text: str | None) -> date | None:
    """A date (portal.ui.dates) from EARLIEST to LATEST; None for anything else."""
    return _of_our_time(dates.read(text or ""))


def month(text: str | None) -> date | None:
    """The first day of a month, likewise."""
    return _of_our_time(dates.read_month(text or ""))


def _of_our_time(named: date | None) -> date | None:
    return named if named and EARLIEST <= named <= LATEST else None
