"""The stored days of centers. One query each, whatever the number of centers and days."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from centers.days.models import Stretch
from centers.models import Center, CenterDay

Days = dict[date, CenterDay]


class Door(NamedTuple):
    """What of a day says when the door is open, and why not: columns of CenterDay.

    A list of centers reads sixty of them. As instances of the model they would take a quarter of its time.
    """

    date: date
    openings: list[Stretch]
    unstaffed: list[Stretch]
    reason: str
    note: str
    awaits_notice: bool


def days_of(centers: Iterable[Center], first: date, last: date) -> dict[int, Days]:
    """Rows by center id and day, `first` to `last` inclusive; a day that is not arranged yet is missing."""
    found: dict[int, Days] = {center.pk: {} for center in centers}
    rows = CenterDay.objects.between(first, last).filter(center__in=list(found)).order_by("date")
    for row in rows:
        found[row.center_id][row.date] = row
    return found


def doors_of(centers: Iterable[Center], first: date, last: date) -> dict[int, dict[date, Door]]:
    """As `days_of`, only of the doors."""
    found: dict[int, dict[date, Door]] = {center.pk: {} for center in centers}
    rows = CenterDay.objects.between(first, last).filter(center__in=list(found)).order_by("date")
    for center, *facts in rows.values_list("center", *Door._fields):
        door = Door(*facts)
        found[center][door.date] = door
    return found


def day_of(center: Center, day: date) -> CenterDay | None:
    return days_of([center], day, day)[center.pk].get(day)
