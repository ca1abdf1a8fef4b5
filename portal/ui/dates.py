"""Reads a date as people type it: 2026-12-23, 2026.12.23, 2026/12/23, 2026年12月23日, 20261223; in any width.

The only reader of typed dates: forms, addresses, sheets, the API and commands call it. It knows no days but those that
the portal can have to do with (EARLIEST to LATEST): with others adding days or a time zone overflows, and a slip like
0226 for 2026 makes a figure count eighteen centuries.
"""

import re
import unicodedata
from datetime import date

_SIGNS = str.maketrans("。·–—−", "..---")
_YEAR, _BETWEEN = r"(\d{4})", r"\s*[-/.]\s*"
_DAY = re.compile(
    rf"{_YEAR}{_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})|{_YEAR}\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]?"
    r"|(\d{4})(\d{2})(\d{2})",
    re.ASCII,
)
_OF_A_YEAR = re.compile(rf"(\d{{1,2}})(?:{_BETWEEN}|\s*月\s*)(\d{{1,2}})\s*[日号]?", re.ASCII)
_MONTH = re.compile(rf"{_YEAR}{_BETWEEN}(\d{{1,2}})|{_YEAR}\s*年\s*(\d{{1,2}})\s*月?", re.ASCII)
_NOTE = re.compile(r"\s*(?:\(.*\)?|(?:周|星期|礼拜)[一二三四五六日天])$", re.DOTALL)
LONGEST = 40
EARLIEST, LATEST = date(1949, 10, 1), date(2100, 12, 31)  # from the oldest division or post that there can be


def read(text: str, year: int | None = None) -> date | None:
    """The date; None for anything else. With `year`, 1月1日 is of that year. A weekday behind it is passed over."""
    return _known(_written(text, year))


def is_far(text: str) -> bool:
    """Whether it is a date, but none that the portal can have to do with."""
    return _written(text) is not None and read(text) is None


def _written(text: str, year: int | None = None) -> date | None:
    plain = _plain(text)
    if plain is None:
        return None
    if found := _DAY.fullmatch(plain):
        return _date(*filter(None, found.groups()))
    if year is not None and (found := _OF_A_YEAR.fullmatch(plain)):
        return _date(str(year), *found.groups())
    return None


def read_month(text: str) -> date | None:
    """The first of a month: 2026-12, 2026.12, 2026年12月; None for anything else."""
    plain = _plain(text)
    found = _MONTH.fullmatch(plain) if plain else None
    return _known(_date(*filter(None, found.groups()), "1")) if found else None


def _known(day: date | None) -> date | None:
    return day if day and EARLIEST <= day <= LATEST else None


def _plain(text: str) -> str | None:
    if len(text) > LONGEST:
        return None
    return _NOTE.sub("", unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip())


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
