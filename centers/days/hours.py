"""Opening hours of many centers over many days from rules, calendar and closures. No N+1.

What is arranged already stands in CenterDay rows (centers.days.reading). These functions compute it anew: for those
rows, and for months that are planned before there are rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from centers.calendars import days_between
from centers.days.opening import Opening, openings_on
from centers.models import CalendarDay, Center, ClosureNotice, OpeningRule
from portal.ui.days import span

Hours = dict[date, list[Opening]]
Calendar = Mapping[date, CalendarDay]
Closures = Mapping[int, list[ClosureNotice]]


def calendar_between(first: date, last: date) -> Calendar:
    """The rows of the national calendar by day. One query."""
    return {day.date: day for day in CalendarDay.objects.between(first, last)}


def kind_of(day: date, listed: CalendarDay | None) -> str:
    """The kind of a day; one that is missing in the calendar falls back to its weekday."""
    return listed.kind if listed else "weekend" if day.weekday() >= 5 else "workday"


def kinds_between(first: date, last: date) -> dict[date, str]:
    calendar = calendar_between(first, last)
    return {day: kind_of(day, calendar.get(day)) for day in days_between(first, last)}


def closures_of(ids: Iterable[int], first: date, last: date) -> Closures:
    """Approved closures that touch these days, by center id. One query."""
    found = defaultdict(list)
    for closure in ClosureNotice.objects.filter(center__in=ids).approved().touching(*span(first, last)):
        found[closure.center_id].append(closure)
    return found


def hours_of(
    centers: Iterable[Center],
    first: date,
    last: date,
    calendar: Calendar | None = None,
    closures: Closures | None = None,
) -> dict[int, Hours]:
    """Opening periods by center id and day, `first` to `last` inclusive; a closed day has an empty list.

    At most three queries; `calendar` and `closures` are for callers that have read them already.
    """
    ids, zone = [center.pk for center in centers], timezone.get_current_timezone()
    calendar = calendar_between(first, last) if calendar is None else calendar
    closures = closures_of(ids, first, last) if closures is None else closures
    rules = defaultdict(list)
    for rule in OpeningRule.objects.filter(center__in=ids):
        rules[rule.center_id].append(rule)
    days = [(day, kind_of(day, calendar.get(day))) for day in days_between(first, last)]
    return {
        pk: {day: openings_on(day, kind, rules[pk], closures.get(pk, ()), zone) for day, kind in days} for pk in ids
    }
