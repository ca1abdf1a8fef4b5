"""Opening periods of many centers over many days, in three queries (no N+1)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from centers.days.opening import Opening, openings_on
from centers.models import CalendarDay, Center, ClosureNotice, OpeningRule
from portal.ui.days import span

Hours = dict[date, list[Opening]]


def kinds_between(first: date, last: date) -> dict[date, str]:
    """The kind of each day; a day missing in the calendar falls back to its weekday."""
    known = dict(CalendarDay.objects.between(first, last).values_list("date", "kind"))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: known.get(day) or ("weekend" if day.weekday() >= 5 else "workday") for day in days}


def hours_of(centers: Iterable[Center], first: date, last: date) -> dict[int, Hours]:
    """Opening periods by center id and day, `first` to `last` inclusive; a closed day has an empty list."""
    ids = [center.pk for center in centers]
    zone = timezone.get_current_timezone()
    rules, closures = defaultdict(list), defaultdict(list)
    for rule in OpeningRule.objects.filter(center__in=ids):
        rules[rule.center_id].append(rule)
    for closure in ClosureNotice.objects.filter(center__in=ids).approved().touching(*span(first, last)):
        closures[closure.center_id].append(closure)
    kinds = kinds_between(first, last)
    return {
        pk: {day: openings_on(day, kind, rules[pk], closures[pk], zone) for day, kind in kinds.items()} for pk in ids
    }
