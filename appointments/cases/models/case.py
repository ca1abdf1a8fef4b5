"""A case (代办件): something that staff handle for a resident until the result is handed over.

Each event is a timestamp on its row and a row of `case_step`; nothing is deleted.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import FilteredRelation, Prefetch, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment, new_code, new_link
from appointments.cases.models.stages import CaseStage
from appointments.catalog.models import ServiceItem
from centers.models import Center, FamilyLink, Resident
from centers.rules.reading import highest
from portal import locking
from portal.accounts.columns import who, who_if_any
from portal.ui.columns import NumberField, PersonNameField


class Source(models.TextChoices):
    APPOINTMENT = "appointment", _("预约来的")
    WALK_IN = "walk_in", _("没约直接来的")
    CALL = "call", _("打电话来的")
    VISIT = "visit", _("上门走访时接的")


class AcceptedAs(models.TextChoices):
    COMPLETE = "complete", _("材料齐全")
    FOLLOWING = "following", _("容缺受理，材料后补")
    DEEMED = "deemed", _("到期没有告知，视为受理")


class Outcome(models.TextChoices):
    DONE = "done", _("办成了")
    REFUSED = "refused", _("没有批准")
    NOT_POSSIBLE = "not_possible", _("不符合条件，办不了")
    WITHDRAWN = "withdrawn", _("群众不办了")

    @classmethod
    def without_result(cls) -> set["Outcome"]:
        """Refused or sent back: the villager gets an answer, but no document to fetch."""
        return {cls.REFUSED, cls.NOT_POSSIBLE}


class CaseState(models.TextChoices):
    """Derived from the timestamps, the clock and the open stage; never stored."""

    CHECKING = "checking", _("看材料")
    LACKING = "lacking", _("等补材料")
    VILLAGE = "village", _("村里在办")
    TOWNSHIP = "township", _("镇里在办")
    DEPARTMENT = "department", _("部门在办")
    PAUSED = "paused", _("暂停")
    FETCH = "fetch", _("等领取")
    OVER = "over", _("办完了")

    @classmethod
    def elsewhere(cls) -> set["CaseState"]:
        """States in which the village waits for somebody else."""
        return {cls.LACKING, cls.TOWNSHIP, cls.DEPARTMENT, cls.PAUSED}


class CaseQuerySet(models.QuerySet):
    def open(self) -> "CaseQuerySet":
        return self.filter(closed_at__isnull=True)

    def needing_somebody(self) -> "CaseQuerySet":
        """Open, or closed with a result that has not been handed over."""
        return self.filter(Q(closed_at__isnull=True) | _FETCH)

    def to_look_up(self, at: datetime | None = None) -> "CaseQuerySet":
        """Whose code is not over: open, waiting to be fetched, or finished so lately that it may be reopened."""
        since = (at or timezone.now()) - timedelta(days=highest("CASE_REOPEN_DAYS"))
        lately = Q(closed_at__gt=since) | Q(handed_over_at__gt=since)
        return self.filter(_OPEN | _FETCH | lately)

    def with_stage(self) -> "CaseQuerySet":
        """Annotates the open stage as `at`, for filters and sorting; NULL for a closed case."""
        return self.annotate(at=FilteredRelation("stages", condition=Q(stages__ended_at__isnull=True)))

    def in_state(self, state: CaseState) -> "CaseQuerySet":
        return self.with_stage().filter(_STATE_FILTERS[state])

    def settled_at(self, center: Center) -> "CaseQuerySet":
        """Of the center, and of those that were merged into it."""
        return self.filter(Q(center=center) | Q(center__leads_to=center))

    def for_pages(self) -> "CaseQuerySet":
        """select_related and prefetch_related for every list (no N+1)."""
        now_open = CaseStage.objects.filter(ended_at__isnull=True).select_related("owner")
        related = ("center__division", "resident", "item", "owner", "first_owner")
        return self.select_related(*related).prefetch_related(Prefetch("stages", now_open, to_attr="open_stages"))

    def for_messages(self) -> "CaseQuerySet":
        return self.for_pages().prefetch_related("materials")

    def to_rate(self) -> "CaseQuerySet":
        """Finished for the villager and not rated yet."""
        return self.filter(_RATABLE, rated_at__isnull=True)

    def locked(self, pk: int) -> "Case":
        """The current row, locked until the commit, so that decisions on it cannot be raced."""
        return locking.locked(self.select_related("center__division", "resident", "item", "owner"), pk)


_OPEN = Q(closed_at__isnull=True)
_RUNNING = _OPEN & Q(accepted_at__isnull=False, stopped_on__isnull=True)
# Handed over, or closed without a result to fetch. A case withdrawn by the villager is not rated.
_RATABLE = Q(handed_over_at__isnull=False) | Q(outcome__in=Outcome.without_result())
_FETCH = Q(outcome=Outcome.DONE, handed_over_at__isnull=True)
_STATE_FILTERS = {
    CaseState.CHECKING: _OPEN & Q(accepted_at__isnull=True, notice_at__isnull=True),
    CaseState.LACKING: _OPEN & Q(accepted_at__isnull=True, notice_at__isnull=False),
    CaseState.VILLAGE: _RUNNING & Q(at__level="village"),
    CaseState.TOWNSHIP: _RUNNING & Q(at__level="township"),
    CaseState.DEPARTMENT: _OPEN & Q(at__level="department"),
    CaseState.PAUSED: _OPEN & Q(stopped_on__isnull=False, at__level__in=["village", "township"]),
    CaseState.FETCH: _FETCH,
    CaseState.OVER: Q(closed_at__isnull=False) & ~_FETCH,
}


def overdue(today: date) -> Q:
    """Past the promised day; with a stopped clock, the day on which it was stopped counts instead of today."""
    return _OPEN & Q(promised_on__lt=Coalesce("stopped_on", Value(today)))


def in_any(states: Iterable[CaseState]) -> Q:
    """A filter for a queryset `with_stage`."""
    return reduce(or_, (_STATE_FILTERS[state] for state in states))


class Case(models.Model):
    """`stopped_on` is the day on which the clock stopped: during a pause, and while the case is at a department.

    When the clock resumes, `promised_on` is moved by that time, `statutory_on` only after pauses.
    """

    rating_prefix = "c-"  # in rating tokens

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="cases")
    item = models.ForeignKey(ServiceItem, models.PROTECT, verbose_name=_("事项"), related_name="cases")
    resident = models.ForeignKey(Resident, models.PROTECT, verbose_name=_("居民"), related_name="cases")
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("预约"), related_name="cases", null=True, blank=True
    )
    source = models.CharField(_("从哪里来"), max_length=12, choices=Source)
    code = models.CharField(_("办件码"), max_length=6, default=new_code)
    link = models.CharField(_("进度链接"), max_length=30, default=new_link, unique=True)
    key = models.CharField(_("防重复键"), max_length=64, unique=True)
    phone = NumberField(_("联系电话"), blank=True)
    contact_name = PersonNameField(_("替办人"), blank=True)
    relation = models.CharField(
        _("替办人是本人的"), max_length=10, choices=FamilyLink.Relation, default=FamilyLink.Relation.SELF
    )
    first_owner = who(_("首接责任人"))
    owner = who(_("经办人"), related_name="cases")
    backup = who_if_any(_("AB岗"))
    opened_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    notice_at = models.DateTimeField(_("一次告知时间"), null=True, blank=True)
    notice_by = who_if_any(_("告知人"))
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    accepted_as = models.CharField(_("怎么受理的"), max_length=10, choices=AcceptedAs, blank=True)
    promised_on = models.DateField(_("承诺办结"), null=True, blank=True)
    statutory_on = models.DateField(_("法定办结"), null=True, blank=True)
    is_provisional = models.BooleanField(_("日期待放假安排公布"), default=False)
    stopped_on = models.DateField(_("停表日期"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome, blank=True)
    result_note = models.CharField(_("结果说明"), max_length=200, blank=True)
    handed_over_at = models.DateTimeField(_("交付时间"), null=True, blank=True)
    handed_over_by = who_if_any(_("交付人"))
    handed_over_to = PersonNameField(_("交给谁"), blank=True)
    trips_saved = models.PositiveSmallIntegerField(_("少跑几趟"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("群众要求重办时间"), null=True, blank=True)
    rated_at = models.DateTimeField(_("评价时间"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("代办件")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "code"],
                name="a_case_code_is_used_once_in_a_center",
                violation_error_message=_("办件码重复了，请再试一次。"),
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_case_has_an_outcome",
                violation_error_message=_("办结要同时记下结果和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_as="", promised_on__isnull=True)
                | (Q(accepted_at__isnull=False) & ~Q(accepted_as="")),
                name="an_accepted_case_says_how",
                violation_error_message=_("受理要同时记下是怎么受理的；没有受理，就还没有承诺日期。"),
            ),
            models.CheckConstraint(
                condition=Q(notice_at__isnull=True, notice_by__isnull=True)
                | Q(notice_at__isnull=False, notice_by__isnull=False),
                name="a_notice_has_a_person_and_a_time",
                violation_error_message=_("一次告知要同时记下谁告知和什么时候。"),
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, handed_over_by__isnull=True)
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False, closed_at__isnull=False),
                name="a_hand_over_follows_the_closing",
                violation_error_message=_("办结以后才能交付，交付要同时记下谁交的和什么时候。"),
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True) | Q(closed_at__isnull=True, accepted_at__isnull=False),
                name="only_a_running_clock_is_stopped",
                violation_error_message=_("受理以后、办结以前才能停表。"),
            ),
        ]
        indexes = [
            models.Index(fields=["center", "promised_on"], condition=Q(closed_at__isnull=True), name="case_open"),
            models.Index(fields=["center", "closed_at"], name="case_closed"),
            models.Index(fields=["phone", "code"], name="case_lookup"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.item}"

    @property
    def place(self) -> Center:
        """Where to ask: until it is handed over, the center into which its own was merged."""
        return self.center if self.handed_over_at else self.center.present

    @property
    def stage(self):
        """The open stage; None for a closed case. Lists prefetch it in one query."""
        if "open_stages" not in self.__dict__:
            self.open_stages = list(self.stages.filter(ended_at__isnull=True).select_related("owner"))
        return self.open_stages[0] if self.open_stages else None

    @property
    def can_be_rated(self) -> bool:
        return self.handed_over_at is not None or self.outcome in Outcome.without_result()

    @property
    def state(self) -> CaseState:
        if self.closed_at:
            waits = self.outcome == Outcome.DONE and not self.handed_over_at
            return CaseState.FETCH if waits else CaseState.OVER
        if not self.accepted_at:
            return CaseState.LACKING if self.notice_at else CaseState.CHECKING
        if self.stage.level == "department":
            return CaseState.DEPARTMENT
        return CaseState.PAUSED if self.stopped_on else CaseState(self.stage.level)


class CaseMaterial(models.Model):
    """One paper of the checklist, copied from the item's version when the case was opened."""

    case = models.ForeignKey(Case, models.CASCADE, verbose_name=_("代办件"), related_name="materials")
    name = models.CharField(_("材料"), max_length=100)
    there_at = models.DateTimeField(_("收到时间"), null=True, blank=True)
    may_follow = models.BooleanField(_("可以后补"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("代办材料")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name"],
                name="a_paper_is_listed_once_in_a_case",
                violation_error_message=_("这样材料已经在清单里了。"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_there(self) -> bool:
        return self.there_at is not None
