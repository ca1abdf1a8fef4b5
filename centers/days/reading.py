"""The stored days of centers. One query each, whatever the number of centers and days."""

from collections.abc import Iterable
from datetime import date

from centers.models import Center, CenterDay

Days = dict[date, CenterDay]


def days_of(centers: Iterable[Center], first: date, last: date) -> dict[int, Days]:
    """Rows by center id and day, `first` to `last` inclusive; a day that is not arranged yet is missing."""
    found: dict[int, Days] = {center.pk: {} for center in centers}
    for row in CenterDay.objects.between(first, last).filter(center__in=list(found)).order_by("date"):
        found[row.center_id][row.date] = row
    return found


def day_of(center: Center, day: date) -> CenterDay | None:
    return days_of([center], day, day)[center.pk].get(day)
