"""Coverage: who is on duty in which half day. A constant number of queries, whatever the number of centers.

Only published rosters count. On a day without published office duty a center's opening hours apply unchanged: using
rosters is optional.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Q
from django.utils import timezone

from centers.days.half_days import half_days, part_at
from centers.models import Center, DutyShift, Leave
from portal.prepared import Prepared

Kind, Position = DutyShift.Kind, DutyShift.Position
HalfDay = tuple[int, date, str]  # center or person, day, part


class Absences:
    """Approved leave; supports `(person, day, part) in absences`."""

    def __init__(self, leaves: Iterable[Leave]) -> None:
        self._of: dict[int, list] = defaultdict(list)
        for leave in leaves:
            covers = half_days(leave.first_date, leave.first_part, leave.last_date, leave.last_part)
            self._of[leave.staff_id].append(covers)

    def __contains__(self, asked: HalfDay) -> bool:
        person, day, part = asked
        return any(covers(day, part) for covers in self._of.get(person, ()))


@dataclass(frozen=True, slots=True)
class Coverage:
    """`rostered`: (center, day) with office duty; `present`: people on duty and not absent, by half day."""

    rostered: set[tuple[int, date]] = field(default_factory=set)
    present: dict[HalfDay, set[int]] = field(default_factory=dict)

    def is_rostered(self, center: int, day: date) -> bool:
        return (center, day) in self.rostered

    def people(self, center: int, day: date, part: str) -> set[int]:
        return self.present.get((center, day, part), set())

    def is_staffed(self, center: int, day: date, part: str) -> bool:
        """Whether the half day can be booked: somebody is on duty, or there is no roster for that day."""
        return not self.is_rostered(center, day) or bool(self.people(center, day, part))


def absences(centers: Iterable[Center | int], first: date, last: date) -> Absences:
    return Absences(Leave.objects.agreed().touching(first, last).filter(staff__center__in=centers))


def coverage(centers: Iterable[Center], first: date, last: date) -> Coverage:
    """Coverage in two queries (one without rosters). A leader alone does not staff the desk."""
    ids = [center.pk for center in centers]
    still_here = Q(staff__left_on__isnull=True) | Q(staff__left_on__gt=F("date"))
    shifts = DutyShift.objects.published().between(first, last).filter(kind=Kind.OFFICE, roster__center__in=ids)
    rows = list(
        shifts.order_by().filter(still_here).values_list("roster__center_id", "date", "part", "staff_id", "position")
    )
    if not rows:
        return Coverage()
    away = absences(ids, first, last)
    found = Coverage()
    for center, day, part, person, position in rows:
        found.rostered.add((center, day))
        if position != Position.LEADER and (person, day, part) not in away:
            found.present.setdefault((center, day, part), set()).add(person)
    return found


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person on duty in a half day, for public display."""

    shift: DutyShift
    is_away: bool

    @property
    def person(self):
        return self.shift.staff


def on_duty(center: Center, day: date) -> dict[str, list[OnDuty]]:
    """People on duty by half day, in the order leader, main, backup; those on leave are flagged."""
    shifts = _shifts(center=center.pk, date=day)
    away = absences([center], day, day)
    order = list(Position.values)
    found: dict[str, list[OnDuty]] = {}
    for shift in sorted(shifts, key=lambda shift: (order.index(shift.position), shift.pk)):
        if shift.staff.center_id == center.pk:
            shift.staff.center = center
        found.setdefault(shift.part, []).append(OnDuty(shift, (shift.staff_id, day, shift.part) in away))
    return found


@Prepared
def _shifts(center: int, date: date):
    return DutyShift.objects.published().filter(roster__center=center, date=date).select_related("staff")


def now_part(now: datetime | None = None) -> tuple[date, str]:
    moment = timezone.localtime(now or timezone.now())
    return moment.date(), part_at(moment)
