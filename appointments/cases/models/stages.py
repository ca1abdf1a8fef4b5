"""The stages of a case with their clocks, its pauses, transfers, and its log of steps."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.columns import who, who_if_any


class Level(models.TextChoices):
    VILLAGE = "village", _("村里")
    TOWNSHIP = "township", _("镇里")
    DEPARTMENT = "department", _("部门")


class CaseStage(models.Model):
    """One stay of a case at one level. `keeper` is the level that acts: for a department, the one that sent it."""

    class Outcome(models.TextChoices):
        FORWARDED = "forwarded", _("送出")
        RETURNED = "returned", _("退回")
        CAME_BACK = "came_back", _("部门办回来了")
        FINISHED = "finished", _("办结")

    case = models.ForeignKey("appointments.Case", models.CASCADE, verbose_name=_("代办件"), related_name="stages")
    number = models.PositiveSmallIntegerField(_("第几段"))
    level = models.CharField(_("在哪一级"), max_length=10, choices=Level)
    keeper = models.CharField(_("谁来登记"), max_length=10, choices=[("village", _("村里")), ("township", _("镇里"))])
    office = models.CharField(_("部门名称"), max_length=40, blank=True)
    owner = who_if_any(_("经手人"))
    started_at = models.DateTimeField(_("开始"), default=timezone.now)
    limit_on = models.DateField(_("这一段的期限"), null=True, blank=True)
    limit_days = models.PositiveSmallIntegerField(_("期限（工作日）"), null=True, blank=True)
    stopped_days = models.PositiveSmallIntegerField(_("停表（工作日）"), default=0)
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)
    used_days = models.PositiveSmallIntegerField(_("用了（工作日）"), null=True, blank=True)
    outcome = models.CharField(_("去向"), max_length=10, choices=Outcome, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("代办环节")
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_at__isnull=True),
                name="a_case_is_at_one_stage",
                violation_error_message=_("这件事刚刚被别人办到下一步了。请看看最新的情况。"),
            ),
            models.UniqueConstraint(
                fields=["case", "number"],
                name="a_stage_is_numbered_once",
                violation_error_message=_("这件事刚刚被别人办到下一步了。请看看最新的情况。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="", used_days__isnull=True)
                | (Q(ended_at__isnull=False, ended_at__gte=F("started_at")) & ~Q(outcome="")),
                name="an_ended_stage_says_where_it_went",
                violation_error_message=_("一段办完，要记下去向。"),
            ),
            models.CheckConstraint(
                condition=Q(level="department") & ~Q(office="") | ~Q(level="department") & Q(office=""),
                name="a_department_is_named",
                violation_error_message=_("送到部门去的，要写清楚是哪个部门。"),
            ),
            models.CheckConstraint(
                condition=Q(level="department") | Q(level=F("keeper")),
                name="who_has_a_stage_keeps_it",
                violation_error_message=_("村里和镇里的环节由自己登记。"),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(note=""),
                name="a_return_has_a_reason",
                violation_error_message=_("退回要写明原因。"),
            ),
        ]
        indexes = [
            models.Index(fields=["keeper", "limit_on"], condition=Q(ended_at__isnull=True), name="stage_open"),
            models.Index(fields=["level", "ended_at"], name="stage_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.place}"

    @property
    def place(self) -> str:
        return self.office or str(self.get_level_display())


class CasePause(models.Model):
    """A time during which the clock is stopped; requires a reason and evidence."""

    class Reason(models.TextChoices):
        PUBLICITY = "publicity", _("依规公示")
        APPRAISAL = "appraisal", _("检验、检测、鉴定、评审")
        HEARING = "hearing", _("听证")
        VILLAGER = "villager", _("群众本人要求缓一缓")
        DISASTER = "disaster", _("灾害、停电、断网")

    stage = models.ForeignKey(CaseStage, models.CASCADE, verbose_name=_("环节"), related_name="pauses")
    reason = models.CharField(_("为什么停"), max_length=10, choices=Reason)
    evidence = models.CharField(_("凭据"), max_length=200)
    started_at = models.DateTimeField(_("开始"), default=timezone.now)
    started_by = who(_("谁停的"))
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)
    ended_by = who_if_any(_("谁恢复的"))

    class Meta:
        verbose_name = verbose_name_plural = _("代办暂停")
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage"],
                condition=Q(ended_at__isnull=True),
                name="a_stage_is_paused_once_at_a_time",
                violation_error_message=_("这件事已经停着了。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""),
                name="a_pause_has_its_evidence",
                violation_error_message=_("停表要写明原因和凭据，没有凭据不能停。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="a_pause_ends_after_it_starts",
                violation_error_message=_("恢复的时间要晚于停下的时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.get_reason_display()}"


class CaseTransfer(models.Model):
    """A change of owner, with the reason. Counted; the first owner stays accountable."""

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("转交")
        TAKEOVER = "takeover", _("AB岗接手")

    case = models.ForeignKey("appointments.Case", models.CASCADE, verbose_name=_("代办件"), related_name="transfers")
    from_user = who(_("从谁"))
    to_user = who(_("到谁"))
    kind = models.CharField(_("怎么转的"), max_length=10, choices=Kind)
    reason = models.CharField(_("原因"), max_length=120)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = who(_("谁转的"))

    class Meta:
        verbose_name = verbose_name_plural = _("代办转交")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_user=F("to_user")),
                name="a_transfer_goes_to_somebody_else",
                violation_error_message=_("这件事已经在这个人手上了。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="a_transfer_has_a_reason",
                violation_error_message=_("转交要写明原因。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.from_user} → {self.to_user}"


class CaseStep(models.Model):
    """Log of every step, in order, with its user; NULL for the villager and for the calendar job."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("登记代办")
        PAPER = "paper", _("收到材料")
        NO_PAPER = "no_paper", _("材料退还")
        NOTICE = "notice", _("一次告知缺什么")
        ACCEPTED = "accepted", _("受理")
        FORWARDED = "forwarded", _("送出")
        TAKEN = "taken", _("签收")
        RETURNED = "returned", _("退回")
        CAME_BACK = "came_back", _("部门办回来了")
        PAUSED = "paused", _("停表")
        RESUMED = "resumed", _("恢复")
        TRANSFERRED = "transferred", _("转交")
        FINISHED = "finished", _("办结")
        HANDED_OVER = "handed_over", _("交付")
        REOPENED = "reopened", _("群众要求重办")

    case = models.ForeignKey("appointments.Case", models.CASCADE, verbose_name=_("代办件"), related_name="steps")
    kind = models.CharField(_("做了什么"), max_length=12, choices=Kind)
    level = models.CharField(_("在哪一级"), max_length=10, choices=Level)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = who_if_any(_("谁做的"))

    class Meta:
        verbose_name = verbose_name_plural = _("代办经过")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["case", "at"], name="case_step_order")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"
