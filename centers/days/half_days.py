"""Half days, the unit of duty: morning until noon, afternoon until six, evening after. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time

from centers.days.opening import Opening

MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"
PARTS = (MORNING, AFTERNOON, EVENING)
BEGINS = {MORNING: time(0), AFTERNOON: time(12), EVENING: time(18)}


def part_at(moment: datetime | time) -> str:
    """The half day of a local time."""
    return MORNING if moment.hour < 12 else AFTERNOON if moment.hour < 18 else EVENING


def half_days(first: date, first_part: str, last: date, last_part: str) -> Callable[[date, str], bool]:
    """A predicate: does a half day lie between two others, both included?"""
    start, end = (first, PARTS.index(first_part)), (last, PARTS.index(last_part))
    return lambda day, part: start <= (day, PARTS.index(part)) <= end


def pieces(opening: Opening) -> list[tuple[str, Opening]]:
    """An opening period split at half day boundaries, as (part, piece)."""
    cut, start = [], opening.starts_at
    while start < opening.ends_at:
        part = part_at(start)
        following = PARTS[PARTS.index(part) + 1 :][:1]
        until = start.replace(hour=BEGINS[following[0]].hour, minute=0, second=0) if following else opening.ends_at
        end = min(until, opening.ends_at)
        cut.append((part, replace(opening, starts_at=start, ends_at=end)))
        start = end
    return cut


def open_parts(openings: Iterable[Opening]) -> tuple[str, ...]:
    """The half days of one day in which the center is open at all, in order."""
    found = {part for opening in openings for part, _piece in pieces(opening)}
    return tuple(part for part in PARTS if part in found)


def openings_in(openings: Iterable[Opening], is_included: Callable[[str], bool]) -> list[Opening]:
    """A day's openings restricted to the included half days; adjacent pieces are merged."""
    left: list[Opening] = []
    for opening in openings:
        before = len(left)
        for part, piece in pieces(opening):
            if not is_included(part):
                continue
            if len(left) > before and left[-1].ends_at == piece.starts_at:
                left[-1] = replace(left[-1], ends_at=piece.ends_at)
            else:
                left.append(piece)
    return left
