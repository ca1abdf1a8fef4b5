"""Lists of cases at the desk: groups by urgency with counts, sorting, and search."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case as Choose
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.cases.models import Case, CaseStage, CaseState, CaseStep
from appointments.cases.models.case import in_any, overdue
from centers.models import Center
from portal.ui import words as text

# How long closed cases stay listed; older ones are found by searching.
CLOSED_LISTED_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Group:
    """A filter of the list; an overdue case is also in the group of its state. Without `counted` a link leads to it."""

    key: str
    word: str | Promise
    empty: str | Promise
    where: Q
    counted: bool = True


def groups(today: date) -> list[Group]:
    due = Q(closed_at__isnull=True, promised_on=today, stopped_on__isnull=True)
    recently_closed = Q(closed_at__gte=timezone.now() - CLOSED_LISTED_FOR)
    return [
        Group("overdue", _("超期"), _("没有超期的。"), overdue(today)),
        Group("today", _("今天到期"), _("没有今天到期的。"), due),
        Group("here", _("村里办"), _("村里没有要办的。"), in_any([CaseState.CHECKING, CaseState.VILLAGE])),
        Group("elsewhere", _("等别处"), _("没有在等别处的。"), in_any(CaseState.elsewhere())),
        Group("fetch", _("等领取"), _("没有等人来领的。"), in_any([CaseState.FETCH])),
        Group("over", _("办完了"), _("近90天没有办完的。"), in_any([CaseState.OVER]) & recently_closed),
        Group("back", _("退回来的"), _("没有退回来还没送出的。"), in_any([CaseState.VILLAGE]) & _was_returned(), False),
        Group("new", _("还没受理的"), _("登记了的都看过材料了。"), in_any([CaseState.CHECKING]), False),
    ]


def group_of(key: str, today: date) -> Group:
    return next(group for group in groups(today) if group.key == key)


def _was_returned() -> Q:
    """The stage before the open one ended with a return."""
    before = CaseStage.objects.filter(case=OuterRef("pk"), number=OuterRef("at__number") - 1)
    return Q(Exists(before.filter(outcome__in=[CaseStage.Outcome.RETURNED, CaseStage.Outcome.CAME_BACK])))


def at_center(center: Center) -> QuerySet[Case]:
    """Of the center, and of those that were merged into it."""
    return Case.objects.settled_at(center).with_stage()


def counts(cases: QuerySet[Case], of: list[Group]) -> dict[str, int]:
    return cases.order_by().aggregate(**{group.key: Count("pk", filter=group.where) for group in of if group.counted})


def first_things_first(cases: QuerySet[Case], today: date) -> QuerySet[Case]:
    """Sort: overdue, due today, at the village, waiting elsewhere, ready to be fetched, closed (latest first)."""
    due = Q(closed_at__isnull=True, promised_on=today, stopped_on__isnull=True)
    rank = Choose(
        When(overdue(today), then=Value(0)),
        When(due, then=Value(1)),
        When(in_any([CaseState.CHECKING, CaseState.VILLAGE]), then=Value(2)),
        When(in_any([CaseState.FETCH]), then=Value(4)),
        When(closed_at__isnull=False, then=Value(5)),
        default=Value(3),
        output_field=IntegerField(),
    )
    by_day = (F("at__limit_on").asc(nulls_last=True), F("promised_on").asc(nulls_last=True))
    return cases.annotate(rank=rank).order_by(
        "rank", *by_day, F("closed_at").desc(nulls_last=True), "-opened_at", "-pk"
    )


def matching(cases: QuerySet[Case], words: str, *, can_see_names: bool) -> QuerySet[Case]:
    """Search by code or its prefix, the digits of a phone that lists show, or part of a name that they show."""
    if digits := text.digits(words):
        return cases.filter(Q(code__startswith=digits) | Q(phone__number_seen=digits))
    if not can_see_names:
        return cases.filter(resident__name_key__name_seen=words)
    return cases.filter(Q(resident__name_key__contains=words) | Q(contact_name__contains=words))


def steps_at_desks(centers: Iterable[int], start: datetime, end: datetime) -> QuerySet:
    """(center, user, time) of each step taken at a village's desk, as evidence that it was staffed."""
    steps = CaseStep.objects.filter(case__center__in=centers, level="village", by__isnull=False)
    steps = steps.filter(at__gte=start, at__lt=end).order_by("at", "pk")
    return steps.values_list("case__center_id", "by", "at")
