"""Duty (坐班, 值班): rosters, shifts, leave, swaps and villagers' presence reports.

Soft delete throughout. A roster has a revision number; a shift stores the revisions that added and removed it. That
makes the last change reversible, and lets forms detect that they are out of date (optimistic locking).
"""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models.center import Center
from centers.models.membership import Membership
from centers.models.staff import Staff
from centers.rules.reading import groups
from portal.accounts.columns import who_if_any
from portal.accounts.roles import Role


class Part(models.TextChoices):
    """Half days, the unit of duty."""

    MORNING = "morning", _("上午")
    AFTERNOON = "afternoon", _("下午")
    EVENING = "evening", _("晚上")


class Roster(models.Model):
    """A center's roster of one month. It affects opening state, poster and bookable slots once published."""

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="rosters")
    month = models.DateField(_("月份"), help_text=_("这个月的一号"))
    revision = models.PositiveIntegerField(_("改过几次"), default=0)
    changed_at = models.DateTimeField(_("最近修改"), null=True, blank=True)
    changed_by = who_if_any(_("谁改的"))
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = who_if_any(_("谁公布的"))

    class Meta:
        verbose_name = verbose_name_plural = _("值班表")
        ordering = ["-month", "center"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "month"],
                name="a_center_has_one_roster_a_month",
                violation_error_message=_("这个月的值班表已经有了。"),
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="a_publication_has_a_person_and_a_time",
                violation_error_message=_("公布要同时记下谁公布的和什么时候。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center} {self.month:%Y-%m}"


class DutyShiftQuerySet(models.QuerySet):
    def active(self) -> "DutyShiftQuerySet":
        return self.filter(removed_in__isnull=True)

    def published(self) -> "DutyShiftQuerySet":
        return self.active().filter(roster__published_at__isnull=False)

    def between(self, first: date, last: date) -> "DutyShiftQuerySet":
        return self.filter(date__range=(first, last))

    def for_pages(self) -> "DutyShiftQuerySet":
        return self.select_related("roster__center__division", "staff__center")


class DutyShift(models.Model):
    class Kind(models.TextChoices):
        OFFICE = "office", _("坐班")
        ON_CALL = "on_call", _("值班")

    class Position(models.TextChoices):
        LEADER = "leader", _("带班")
        MAIN = "main", _("主班")
        BACKUP = "backup", _("副班")

    roster = models.ForeignKey(Roster, models.PROTECT, verbose_name=_("值班表"), related_name="shifts")
    date = models.DateField(_("日期"))
    part = models.CharField(_("时段"), max_length=10, choices=Part)
    kind = models.CharField(_("坐班还是值班"), max_length=10, choices=Kind)
    position = models.CharField(_("班次"), max_length=10, choices=Position)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("谁"), related_name="shifts")
    added_in = models.PositiveIntegerField(_("第几次修改加上"), default=0)
    removed_in = models.PositiveIntegerField(_("第几次修改拿掉"), null=True, blank=True)
    declared_at = models.DateTimeField(_("自己说在岗的时间"), null=True, blank=True)
    declared_by = who_if_any(_("谁说的"))

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("班次")
        ordering = ["date", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "date", "part"],
                condition=Q(removed_in__isnull=True),
                name="a_person_has_one_shift_a_half_day",
                violation_error_message=_("这个人这半天已经有班了。原来的安排没有动，请换一个人。"),
            ),
            models.UniqueConstraint(
                fields=["roster", "date", "part", "kind", "position"],
                condition=Q(removed_in__isnull=True),
                name="a_post_is_held_by_one_person_a_half_day",
                violation_error_message=_("这半天的这个班已经有人了。请刷新看看最新的值班表。"),
            ),
            models.CheckConstraint(
                condition=Q(declared_at__isnull=True, declared_by__isnull=True)
                | Q(declared_at__isnull=False, declared_by__isnull=False),
                name="a_declaration_has_a_person_and_a_time",
                violation_error_message=_("自己说在岗要同时记下谁说的和什么时候。"),
            ),
        ]
        indexes = [models.Index(fields=["date", "roster"], name="duty_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.get_part_display()} {self.get_position_display()} {self.staff_id}"

    @property
    def center(self) -> Center:
        return self.roster.center


class LeaveQuerySet(models.QuerySet):
    def agreed(self) -> "LeaveQuerySet":
        return self.filter(agreed_at__isnull=False, withdrawn_at__isnull=True)

    def waiting(self) -> "LeaveQuerySet":
        return self.filter(agreed_at__isnull=True, refused_at__isnull=True, withdrawn_at__isnull=True)

    def for_township(self) -> "LeaveQuerySet":
        """Waiting, and too long for the center, or of a manager there beside whom there is no other."""
        here = Membership.objects.awake().filter(division=OuterRef("staff__center__division"), role=Role.MANAGER)
        others = here.exclude(user=Coalesce(OuterRef("staff__user"), 0))
        is_long = Q()
        for days, where in groups("LEAVE_DAYS_REPORTED", "staff__center__division__code"):
            is_long |= Q(where, half_days__gt=2 * days)
        return self.waiting().filter(is_long | ~Exists(others))

    def touching(self, first: date, last: date) -> "LeaveQuerySet":
        return self.filter(first_date__lte=last, last_date__gte=first)

    def for_pages(self) -> "LeaveQuerySet":
        return self.select_related("staff__center__division", "asked_by", "agreed_by", "refused_by")


class Leave(models.Model):
    """Absence (请假) from one half day to another, both included. `half_days` is the length, see `leave_levels`."""

    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("谁"), related_name="leaves")
    first_date = models.DateField(_("从哪天"))
    first_part = models.CharField(_("从哪个时段"), max_length=10, choices=Part, default=Part.MORNING)
    last_date = models.DateField(_("到哪天"))
    last_part = models.CharField(_("到哪个时段"), max_length=10, choices=Part, default=Part.EVENING)
    half_days = models.PositiveSmallIntegerField(_("半天数"), default=2, help_text=_("由起止算出，决定谁来同意。"))
    reason = models.CharField(_("事由"), max_length=120, blank=True)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    asked_by = who_if_any(_("申请人"))
    agreed_at = models.DateTimeField(_("同意时间"), null=True, blank=True)
    agreed_by = who_if_any(_("谁同意的"))
    refused_at = models.DateTimeField(_("不同意时间"), null=True, blank=True)
    refused_by = who_if_any(_("谁不同意"))
    refusal = models.CharField(_("不同意的原因"), max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    withdrawn_by = who_if_any(_("谁收回的"))

    objects = LeaveQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("请假")
        ordering = ["-first_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")),
                name="a_leave_ends_after_it_starts",
                violation_error_message=_("结束那天不能早于开始那天。"),
            ),
            models.CheckConstraint(
                condition=Q(half_days__gte=1),
                name="a_leave_is_at_least_half_a_day",
                violation_error_message=_("请假至少半天。"),
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(refused_at__isnull=True),
                name="a_leave_is_decided_once",
                violation_error_message=_("这个请假已经有人决定过了。"),
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="an_agreement_to_leave_has_a_person_and_a_time",
                violation_error_message=_("同意请假要同时记下谁同意的和什么时候。"),
            ),
            models.UniqueConstraint(
                fields=["staff", "first_date", "first_part"],
                condition=Q(refused_at__isnull=True, withdrawn_at__isnull=True),
                name="a_leave_is_asked_for_once",
                violation_error_message=_("从这个时候开始的假已经请过了。"),
            ),
        ]
        indexes = [models.Index(fields=["last_date", "first_date"], name="leave_days")]

    def __str__(self) -> str:
        return f"{self.staff} {self.first_date}–{self.last_date}"

    @property
    def is_waiting(self) -> bool:
        return not (self.agreed_at or self.refused_at or self.withdrawn_at)

    @property
    def is_active(self) -> bool:
        return bool(self.agreed_at and not self.withdrawn_at)

    @property
    def days(self) -> float:
        return self.half_days / 2


class ShiftSwapQuerySet(models.QuerySet):
    def waiting(self) -> "ShiftSwapQuerySet":
        return self.filter(agreed_at__isnull=True, refused_at__isnull=True, withdrawn_at__isnull=True)

    def for_pages(self) -> "ShiftSwapQuerySet":
        return self.select_related(
            "shift__staff", "shift__roster__center__division", "in_return__staff", "taker", "asked_by", "agreed_by"
        )


class ShiftSwap(models.Model):
    """A swap (换班): `taker` takes over a shift, maybe with one in return. References the shifts before it."""

    shift = models.ForeignKey(DutyShift, models.PROTECT, verbose_name=_("换出的班"), related_name="swaps")
    taker = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("谁来顶"), related_name="swaps")
    in_return = models.ForeignKey(
        DutyShift, models.PROTECT, verbose_name=_("换回的班"), related_name="+", null=True, blank=True
    )
    reason = models.CharField(_("事由"), max_length=120, blank=True)
    asked_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    asked_by = who_if_any(_("谁提出的"))
    agreed_at = models.DateTimeField(_("同意时间"), null=True, blank=True)
    agreed_by = who_if_any(_("谁同意的"))
    refused_at = models.DateTimeField(_("不同意时间"), null=True, blank=True)
    refused_by = who_if_any(_("谁不同意"))
    withdrawn_at = models.DateTimeField(_("收回时间"), null=True, blank=True)

    objects = ShiftSwapQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("换班")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shift"],
                condition=Q(agreed_at__isnull=False),
                name="a_shift_is_given_away_once",
                violation_error_message=_("这个班已经换给别人了。"),
            ),
            models.UniqueConstraint(
                fields=["shift", "taker"],
                condition=Q(agreed_at__isnull=True, refused_at__isnull=True, withdrawn_at__isnull=True),
                name="one_person_is_asked_once_for_a_shift",
                violation_error_message=_("已经问过这个人了，还在等回话。"),
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(refused_at__isnull=True),
                name="a_swap_is_answered_once",
                violation_error_message=_("这次换班已经回过话了。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift_id} → {self.taker}"

    @property
    def is_waiting(self) -> bool:
        return not (self.agreed_at or self.refused_at or self.withdrawn_at)


class PresenceReportQuerySet(models.QuerySet):
    def unchecked(self) -> "PresenceReportQuerySet":
        return self.filter(checked_at__isnull=True)

    def upheld(self) -> "PresenceReportQuerySet":
        return self.filter(is_upheld=True)


class PresenceReport(models.Model):
    """A villager's anonymous report, 有人 or 没人, from the QR code at the door. Counts once verified."""

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="presence_reports")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    date = models.DateField(_("日期"))
    part = models.CharField(_("时段"), max_length=10, choices=Part)
    found_somebody = models.BooleanField(_("有人"))
    checked_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    checked_by = who_if_any(_("谁核实的"))
    is_upheld = models.BooleanField(_("属实"), null=True, blank=True)
    note = models.CharField(_("核实情况"), max_length=120, blank=True)

    objects = PresenceReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("有人没人")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True, is_upheld__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False, is_upheld__isnull=False),
                name="a_check_has_a_person_a_time_and_a_finding",
                violation_error_message=_("核实要同时记下谁核实的、什么时候、属实不属实。"),
            ),
        ]
        indexes = [models.Index(fields=["center", "date"], name="presence_day")]

    def __str__(self) -> str:
        return f"{self.center_id} {self.at:%Y-%m-%d %H:%M} {self.found_somebody}"
