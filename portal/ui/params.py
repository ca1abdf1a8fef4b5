"""What stands in an address or a form: typed by anybody, so anything."""

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.dateparse import parse_date

from portal.ui.forms import clean_text

LONGEST = 30
LONGEST_ADDRESS = 200  # a scanner types what stands in a slip's QR code
LONGEST_NUMBER = 18  # digits: fits a column of 64 bits
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)  # further away, adding days to it would fail


def typed(request: HttpRequest, name: str = "q", longest: int = LONGEST) -> str:
    try:
        return clean_text(request.GET.get(name, ""))[:longest]
    except ValidationError:
        return ""


def number(text: str | None) -> int | None:
    """The number that the text is, with nothing around it; None for anything else."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def day(text: str | None) -> date | None:
    """The day that 2026-12-01 names; None for anything that is no day of our time."""
    try:
        named = parse_date(text or "")
    except ValueError:
        return None
    return named if named and EARLIEST <= named <= LATEST else None
