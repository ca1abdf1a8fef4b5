"""What a center's day is, computed from opening rules, calendar, closures, rosters and leave."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from centers.days.half_days import PARTS, openings_in
from centers.days.hours import calendar_between, closures_of, hours_of
from centers.days.models import CenterDay, as_stretches
from centers.days.opening import Opening
from centers.days.staffing import Coverage, coverage
from centers.models import CalendarDay, Center, ClosureNotice
from portal.ui.days import of_day

Facts = dict[str, Any]  # the fields centers.days.models.FACTS of a CenterDay
Reason = CenterDay.Reason


def facts_of(centers: Iterable[Center], first: date, last: date) -> dict[tuple[int, date], Facts]:
    """Facts by center id and day, `first` to `last` inclusive. Five queries, whatever the number of centers."""
    centers = list(centers)
    ids = [center.pk for center in centers]
    calendar, closures = calendar_between(first, last), closures_of(ids, first, last)
    hours, staffed = hours_of(centers, first, last, calendar, closures), coverage(centers, first, last)
    return {
        (center.pk, day): _facts(center, day, openings, staffed, calendar.get(day), closures.get(center.pk, []))
        for center in centers
        for day, openings in hours[center.pk].items()
    }


def _facts(
    center: Center,
    day: date,
    openings: list[Opening],
    staffed: Coverage,
    listed: CalendarDay | None,
    closures: list[ClosureNotice],
) -> Facts:
    if not center.is_active:
        openings = []
    left = openings_in(openings, lambda part: staffed.is_staffed(center.pk, day, part))
    gone = openings_in(openings, lambda part: not staffed.is_staffed(center.pk, day, part))
    reason, note = _why(center, day, listed, closures)
    if not reason and gone and not left:
        reason = Reason.UNSTAFFED
    on_duty = {part: sorted(staffed.people(center.pk, day, part)) for part in PARTS}
    return {
        "openings": as_stretches(left, day),
        "unstaffed": as_stretches(gone, day),
        "on_duty": {part: people for part, people in on_duty.items() if people},
        "is_rostered": staffed.is_rostered(center.pk, day),
        "reason": str(reason),
        "note": note,
        "awaits_notice": listed is not None and listed.awaits_notice,
    }


def _why(center: Center, day: date, listed: CalendarDay | None, closures: list[ClosureNotice]) -> tuple[str, str]:
    """Reason and note; the closure of a part of the day counts, too."""
    if not center.is_active:
        return Reason.PAUSED, ""
    start, end = of_day(day)
    for closure in closures:
        if closure.starts_at < end and closure.ends_at > start:
            return closure.reason, closure.note
    if listed and listed.kind in (CalendarDay.Kind.HOLIDAY, CalendarDay.Kind.MAKE_UP_WORKDAY):
        return listed.kind, listed.name
    return "", ""
