"""What needs attention first (先看这里); each entry links to the rows that it counts."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.booking.figures import UNMARKED, WAS_SERVED
from appointments.booking.models import Appointment
from appointments.slots.figures import WAS_OFFERED
from appointments.slots.models import Slot
from appointments.tickets.models import Ticket
from assessments import figures as ratings
from centers.figures import Figure, Look, Period
from centers.models import Center

SILENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Attention:
    """`what` is the code of a figure, `number` how many of its rows are at `centers` (code, name)."""

    what: str
    number: int
    period: Period
    centers: list[tuple[str, str]] = field(default_factory=list)


def attention(scope: list[str], period: Period, now: datetime | None = None) -> list[Attention]:
    """At most five entries: bad ratings, unmarked appointments, centers without visitors, in this order."""
    look = Look(scope, period, now or timezone.now())
    bad = _bad_by_center(look)
    unmarked = _by_center(UNMARKED.rows(look), "center")
    silent = [(code, name, 1) for code, name in silent_centers(look).values_list("division__code", "name")]
    return [*_things("bad", bad, period), *_things("unmarked", unmarked, period), *_things("silent", silent, period)][
        :5
    ]


def silent_centers(look: Look) -> QuerySet[Center]:
    """Centers that offered places in the last SILENT_DAYS days and served nobody, booked or not."""
    lately = Period(look.today - timedelta(days=SILENT_DAYS - 1), look.today)
    had_places = Slot.objects.filter(
        WAS_OFFERED, center=OuterRef("pk"), starts_at__gte=lately.start, starts_at__lt=look.now
    )
    served = Appointment.objects.filter(
        WAS_SERVED, center=OuterRef("pk"), starts_at__gte=lately.start, starts_at__lt=lately.end
    )
    centers = Center.objects.open_to_public().filter(look.inside("division__code"))
    walked_in = Ticket.objects.filter(
        center=OuterRef("pk"), done_at__isnull=False, day__range=(lately.first, lately.last)
    )
    centers = centers.filter(Exists(had_places), ~Exists(served), ~Exists(walked_in))
    return centers.select_related("division").order_by("division__code")


SILENT = Figure(
    code="silent",
    title=_("近7天没有人来办事的中心"),
    rows=silent_centers,
    table="dashboards/oversight/rows/centers.html",
    when=_("最近7天"),
)


def _things(what: str, rows: list[tuple[str, str, int]], period: Period) -> list[Attention]:
    """One entry for each of up to two centers; one for all of them if there are more."""
    if len(rows) > 2:
        return [Attention(what, sum(row[2] for row in rows), period, [row[:2] for row in rows])]
    return [Attention(what, number, period, [(code, name)]) for code, name, number in rows]


def _bad_by_center(look: Look) -> list[tuple[str, str, int]]:
    """(code, name, number) of each center: bad ratings of visits and cases together, the most first."""
    number = Counter()
    for path, rows in ratings.bad(look).items():
        for code, name, count in _by_center(rows, path):
            number[code, name] += count
    return sorted(((code, name, count) for (code, name), count in number.items()), key=lambda row: (-row[2], row[0]))


def _by_center(rows: QuerySet, path: str) -> list[tuple[str, str, int]]:
    """(code, name, number) of each center, the most first."""
    grouped = rows.order_by().values_list(f"{path}__division__code", f"{path}__name").annotate(number=Count("pk"))
    return list(grouped.order_by("-number", f"{path}__division__code"))
