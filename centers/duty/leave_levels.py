"""How long a leave is, and who has to agree to it. Pure.

Source (docs/domain.md §2.5): one day by the secretary, two or three reported to the cadre who looks after the village,
more by the township. Counted in half days of the calendar, weekends included, since somebody is on call then as well:
our default.
"""

from datetime import date

from centers.duty.half_days import MORNING, PARTS

CENTER, REPORTED, TOWNSHIP = "center", "reported", "township"


def length(first: date, first_part: str, last: date, last_part: str) -> float:
    """Days in halves: a morning is 0.5; the evening belongs to the afternoon."""
    starts = 0 if first_part == MORNING else 1
    ends = 1 if last_part == MORNING else 2
    return ((last - first).days * 2 + ends - starts) / 2


def level(days: float, *, by_center: float, reported: float) -> str:
    if days <= by_center:
        return CENTER
    return REPORTED if days <= reported else TOWNSHIP


def is_in_order(first: date, first_part: str, last: date, last_part: str) -> bool:
    return (first, PARTS.index(first_part)) <= (last, PARTS.index(last_part))
