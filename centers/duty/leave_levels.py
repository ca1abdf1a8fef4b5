"""Length of a leave, and who approves it. Pure.

Source (docs/domain.md, Duty): up to one day by the center's secretary, two or three with a report to the village's
liaison cadre, more by the township. Counted in half days including weekends, which have on-call duty: our default.
"""

from datetime import date

from centers.days.half_days import MORNING, PARTS

CENTER, REPORTED, TOWNSHIP = "center", "reported", "township"
LONGEST = 366  # days


def length(first: date, first_part: str, last: date, last_part: str) -> float:
    """Length in days, in steps of 0.5; the evening counts with the afternoon."""
    starts = 0 if first_part == MORNING else 1
    ends = 1 if last_part == MORNING else 2
    return ((last - first).days * 2 + ends - starts) / 2


def level(days: float, *, by_center: float, reported: float) -> str:
    if days <= by_center:
        return CENTER
    return REPORTED if days <= reported else TOWNSHIP


def is_in_order(first: date, first_part: str, last: date, last_part: str) -> bool:
    return (first, PARTS.index(first_part)) <= (last, PARTS.index(last_part))
