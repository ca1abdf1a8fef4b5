"""What the township reads about cases: what reached it, and two figures a center, each a count of rows.

K6 on time: closed within the promise, of all that were closed in the period or are overdue now and fell due in it.
K7 speed: the median of used to allowed workdays over the village stages that ended in the period (docs/domain.md).
"""

from dataclasses import dataclass, field
from datetime import date
from statistics import median

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr, TruncDate

from appointments.cases.models import Case, CaseStage, Outcome
from appointments.cases.models.case import overdue
from centers.models import Center
from portal.dashboards.oversight.selectors import VILLAGE, Period, group_length, inside, name_lines

FEW = 10
# Cases without a promised day have no promise to keep, and what the villager gave up was not kept waiting.
_PROMISED = Q(promised_on__isnull=False) & ~Q(outcome=Outcome.WITHDRAWN)


@dataclass(slots=True)
class Line:
    """The figures of one center, or of all centers of one division."""

    code: str = ""
    name: str = ""
    centers: int = 0
    open: int = 0
    overdue: int = 0
    due: int = 0
    on_time: int = 0
    returned: int = 0
    ratios: list[float] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        return round(100 * self.on_time / self.due) if self.due else None

    @property
    def speed(self) -> float | None:
        return median(self.ratios) if self.ratios else None

    @property
    def is_thin(self) -> bool:
        return 0 < self.due < FEW

    @property
    def is_village(self) -> bool:
        return bool(self.code) and not self.code.endswith("000")

    def add(self, figures: dict) -> None:
        for name, number in figures.items():
            setattr(self, name, getattr(self, name) + number)


def cases(scope: list[str], period: Period, what: str, today: date) -> QuerySet[Case]:
    """The rows that a figure counts. What is open or overdue is so now; the rest happened in the period."""
    return _dated(Case.objects.filter(inside(scope))).filter(_counted(period, today)[what])


def stages(scope: list[str], period: Period, what: str) -> QuerySet[CaseStage]:
    """`speed`: stays in the village that ended; `returned`: what the township gave back."""
    ended = CaseStage.objects.filter(
        inside(scope, "case__center__division__code"), ended_at__gte=period.start, ended_at__lt=period.end
    )
    if what == "returned":
        return ended.filter(outcome=CaseStage.Outcome.RETURNED)
    return ended.filter(level="village", used_days__isnull=False, limit_days__gt=0)


def lines(scope: list[str], period: Period, today: date) -> list[Line]:
    """A line for each division one level below the scope, for each center where that is the village. Four queries."""
    length = group_length(scope)
    found: dict[str, Line] = {}
    for code, name in Center.objects.filter(inside(scope, "division__code")).values_list("division__code", "name"):
        line = found.setdefault(code[:length], Line(code[:length].ljust(VILLAGE, "0"), name))
        line.centers += 1
    if length < VILLAGE:
        name_lines(found)
    grouped = _dated(Case.objects.filter(inside(scope))).order_by()
    grouped = grouped.annotate(group=Substr("center__division__code", 1, length)).values("group")
    counted = {what: Count("pk", filter=where) for what, where in _counted(period, today).items()}
    for figures in grouped.annotate(**counted):
        found[figures.pop("group")].add(figures)
    group = Substr("case__center__division__code", 1, length)
    for code, used, limit in _pairs(stages(scope, period, "speed"), group):
        found[code].ratios.append(used / limit)
    returned = stages(scope, period, "returned").order_by().annotate(group=group).values("group")
    for figures in returned.annotate(returned=Count("pk")):
        found[figures.pop("group")].add(figures)
    return [found[code] for code in sorted(found)]


def total(of: list[Line]) -> Line:
    summed = Line()
    for line in of:
        summed.add({name: getattr(line, name) for name in ("centers", "open", "overdue", "due", "on_time", "returned")})
        summed.ratios += line.ratios
    return summed


def _counted(period: Period, today: date) -> dict[str, Q]:
    closed = _PROMISED & Q(closed_at__gte=period.start, closed_at__lt=period.end)
    late = overdue(today) & Q(promised_on__lte=period.last)
    return {
        "open": Q(closed_at__isnull=True),
        "overdue": late,
        "due": closed | late,
        "on_time": closed & Q(closed_on__lte=F("promised_on")),
    }


def _dated(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.annotate(closed_on=TruncDate("closed_at"))


def _pairs(ended: QuerySet[CaseStage], group: Substr):
    return ended.order_by().annotate(group=group).values_list("group", "used_days", "limit_days")
