"""The stored days of centers. One query each, whatever the number of centers and days."""

from collections.abc import Iterable, Sequence
from datetime import date

from centers.models import Center, CenterDay

Days = dict[date, CenterDay]


# What of a day says when the door is open, and why not. Reading the rest doubles the time of a list of centers.
OF_THE_DOOR = ("center", "date", "openings", "unstaffed", "reason", "note", "awaits_notice")


def days_of(centers: Iterable[Center], first: date, last: date, *, only: Sequence[str] = ()) -> dict[int, Days]:
    """Rows by center id and day, `first` to `last` inclusive; a day that is not arranged yet is missing.

    `only`: the columns that are read, such as OF_THE_DOOR.
    """
    found: dict[int, Days] = {center.pk: {} for center in centers}
    rows = CenterDay.objects.between(first, last).filter(center__in=list(found)).order_by("date")
    for row in rows.only(*only) if only else rows:
        found[row.center_id][row.date] = row
    return found


def day_of(center: Center, day: date) -> CenterDay | None:
    return days_of([center], day, day)[center.pk].get(day)
