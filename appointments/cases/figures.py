"""Statistics of cases (settings.FIGURES).

K6 on time: closed within the promise, of all that were closed in the period or are overdue now and fell due in it.
K7 speed: the median of used to allowed workdays over the village stages that ended in the period (docs/domain.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from statistics import median
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.cases.models import Case, CaseStage, Outcome
from appointments.cases.models.case import overdue
from appointments.cases.words import Standing, standing
from centers.figures import Figure, Look
from centers.workdays import Workdays

FEW = 10  # below, a percentage says little (`is_thin`)
# Without cases that have no promised day, or were withdrawn by the villager.
_PROMISED = Q(promised_on__isnull=False) & ~Q(outcome=Outcome.WITHDRAWN)
_TABLE = "dashboards/oversight/rows/cases.html"


def _conditions(look: Look) -> dict[str, Q]:
    """Open and overdue are the current state; closings are those of the period."""
    closed = _PROMISED & Q(closed_at__gte=look.period.start, closed_at__lt=look.period.end)
    late = overdue(look.today) & Q(promised_on__lte=look.period.last)
    return {
        "open": Q(closed_at__isnull=True),
        "overdue": late,
        "due": closed | late,
        "on_time": closed & Q(closed_on__lte=F("promised_on")),
    }


def _cases(look: Look) -> QuerySet[Case]:
    return Case.objects.filter(look.inside()).annotate(closed_on=TruncDate("closed_at"))


def _rows(code: str, look: Look) -> QuerySet[Case]:
    found = _cases(look).filter(_conditions(look)[code])
    return found.for_pages().order_by(F("promised_on").asc(nulls_last=True), "pk")


def _listed(rows: Iterable[Case], now: datetime) -> list[Standing]:
    today, is_workday = timezone.localdate(now), Workdays()
    return [standing(case, today, is_workday) for case in rows]


def _count(look: Look) -> Iterable[dict]:
    conditions = _conditions(look).items()
    return look.grouped(_cases(look)).annotate(**{code: Count("pk", filter=where) for code, where in conditions})


def _say_on_time(numbers: Mapping) -> dict:
    due = numbers["due"]
    return {"percent": round(100 * numbers["on_time"] / due) if due else None, "is_thin": 0 < due < FEW}


def _ended(look: Look) -> QuerySet[CaseStage]:
    within = {"ended_at__gte": look.period.start, "ended_at__lt": look.period.end}
    return CaseStage.objects.filter(look.inside("case__center__division__code"), **within)


def _in_village(look: Look) -> QuerySet[CaseStage]:
    return _ended(look).filter(level="village", used_days__isnull=False, limit_days__gt=0)


def _returned(look: Look) -> QuerySet[CaseStage]:
    return _ended(look).filter(outcome=CaseStage.Outcome.RETURNED)


def _stage_rows(of, look: Look) -> QuerySet[CaseStage]:
    return of(look).select_related("case__center", "case__item", "case__owner").order_by("-ended_at", "-pk")


def _count_ratios(look: Look) -> Iterator[dict]:
    """All ratios of each group, not their median: SQLite has no such function, and medians of groups do not add up."""
    ratios = defaultdict(list)
    pairs = look.grouped(_in_village(look), "case__center").values_list("group", "used_days", "limit_days")
    for group, used, limit in pairs:
        ratios[group].append(used / limit)
    return ({"group": group, "speed": found} for group, found in ratios.items())


def _say_speed(numbers: Mapping) -> dict:
    ratios = numbers["speed"] or []
    return {"median": median(ratios) if ratios else None, "stages": len(ratios)}


def _count_returned(look: Look) -> Iterable[dict]:
    return look.grouped(_returned(look), "case__center").annotate(returned=Count("pk"))


def at_the_township(code: str, today: date) -> QuerySet[Case]:
    """Cases that are at a township: nobody has signed for them yet, or they fall due or are late."""
    there = {"to_take": {"at__owner": None}, "due_here": {"at__limit_on__lte": today, "stopped_on": None}}
    return Case.objects.with_stage().filter(closed_at=None, at__level="township", **there[code])


def _rows_there(code: str, look: Look) -> QuerySet[Case]:
    found = at_the_township(code, look.today).filter(look.inside())
    return found.for_pages().order_by(F("at__limit_on").asc(nulls_last=True), "pk")


def _figure(code: str, **more: Any) -> Figure:
    """Those that count and list cases do so by one query and in one table."""
    return Figure(code=code, rows=partial(_rows, code), table=_TABLE, listed=_listed, count=_count, **more)


OPEN = _figure(
    "open",
    title=_("在办的代办件"),
    when=_("现在"),
    column=_("在办"),
    help=_("现在还没有办结的。"),
)
OVERDUE = _figure(
    "overdue",
    title=_("超期的代办件"),
    column=_("超期"),
    help=_("现在没有办结、已经过了承诺那天的。停表的按停下那天算，部门办的时间不算。"),
)
DUE = _figure("due", title=_("办结的和超期的代办件"))
ON_TIME = _figure(
    "on_time",
    title=_("按时办结的代办件"),
    column=_("按时办结"),
    cell="dashboards/oversight/figures/on_time.html",
    say=_say_on_time,
    is_wide=True,
    help=_(
        "这段时间里在承诺的日期以前办结的，除以办结的与现在超期的之和。没有承诺日期的、群众自己不办的不算。"
        "群众说没办好的，原来的办结作废。"
    ),
)
SPEED = Figure(
    code="speed",
    title=_("村里办过的环节"),
    rows=partial(_stage_rows, _in_village),
    table="dashboards/oversight/rows/stages.html",
    column=_("村里快慢"),
    count=_count_ratios,
    cell="dashboards/oversight/figures/speed.html",
    say=_say_speed,
    is_wide=True,
    help=_("这段时间里从村里送出的，用的工作日除以给的工作日，取正中间那一个。0.6以内是快，超过1就是慢了。"),
)
RETURNED = Figure(
    code="returned",
    title=_("镇里退回的"),
    rows=partial(_stage_rows, _returned),
    table="dashboards/oversight/rows/returned.html",
    column=_("退回"),
    count=_count_returned,
    help=_("镇里退回村里的次数。"),
)
TO_TAKE = Figure(
    code="to_take",
    title=_("送到镇里、还没签收的代办件"),
    rows=partial(_rows_there, "to_take"),
    table=_TABLE,
    listed=_listed,
    when=_("现在"),
)
DUE_HERE = Figure(
    code="due_here",
    title=_("在镇里、今天到期或超期的代办件"),
    rows=partial(_rows_there, "due_here"),
    table=_TABLE,
    listed=_listed,
    when=_("现在"),
)
