"""Telephone numbers: one spelling to store, compare and search by. Pure.

Every number passes through here on its way into a column (portal.ui.columns) and into a search, whichever entrance it
came by: form, sheet, API, admin. Judged by structure only: area codes and ranges are added every year.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST = 20

_BETWEEN = re.compile(r"[\s().·・\-‐‑‒–—―−_\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]+")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
# Three-digit area codes for 010 and 02x, else four digits.
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d\d)(\d{7,8})", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}|12345|96\d{3,4}", re.ASCII)


@lru_cache(maxsize=1_000)
def canonical(text: str) -> str:
    """Digits only: `+86 138-0000-5678` as 13800005678, `0399-5551234` and `(86) 399 5551234` as 03995551234.

    A foreign number keeps its plus. Text that is no number is returned without surrounding space.
    """
    compact = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"\+?\d+", compact, re.ASCII):
        return text.strip()
    return _at_home(compact)


def written(text: str) -> str:
    """The canonical number as it is printed on a door: 0399-5551234 with the dash behind the area code."""
    number = canonical(text)
    return "-".join(area(number) or (number,))


def _at_home(number: str) -> str:
    """Without China's country code, and with the zero that stands before an area code there."""
    for code in ("+86", "0086", "86", ""):
        rest = number.removeprefix(code)
        if code and rest == number:
            continue
        for said in (rest, f"0{rest}" if code else rest, rest.removeprefix("0")):
            if is_number(said) and (code != "86" or len(said) > 9):
                return said
    return number


def is_number(digits: str) -> bool:
    """A mainland mobile number, a landline with its area code, or a national short, 400 or 800 number."""
    return is_mobile(digits) or is_landline(digits)


def is_mobile(digits: str) -> bool:
    return bool(_MOBILE.fullmatch(digits))


def is_landline(digits: str) -> bool:
    return bool(_LANDLINE.fullmatch(digits) or _SERVICE.fullmatch(digits))


def area(digits: str) -> tuple[str, str] | None:
    """(area code, number) of a landline."""
    found = _LANDLINE.fullmatch(digits)
    return (found[1], found[2]) if found else None
