"""A mark made on an offline device, as it was synced. Its key makes the sync idempotent."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment, Status
from centers.models import Center
from portal.accounts.columns import who, who_if_any
from portal.ui.columns import PersonNameField


class OfflineMarkQuerySet(models.QuerySet):
    def settled_at(self, center: Center) -> "OfflineMarkQuerySet":
        """Of the center, and of those that were merged into it."""
        return self.filter(Q(center=center) | Q(center__leads_to=center))

    def unsettled(self) -> "OfflineMarkQuerySet":
        """Marks for a person to resolve: walk-ins to be entered, and conflicts."""
        stuck = Q(outcome__in=[OfflineMark.Outcome.CONFLICT, OfflineMark.Outcome.REFUSED])
        return self.filter(stuck | Q(kind=OfflineMark.Kind.NOTE), settled_at__isnull=True)


class OfflineMark(models.Model):
    """Stored whatever the outcome: the same key sent again gets the stored outcome and changes nothing."""

    class Kind(models.TextChoices):
        ARRIVE = "arrive", _("已到")
        SERVE = "serve", _("已办")
        MISS = "miss", _("未到")
        UNDO = "undo", _("撤回")
        NOTE = "note", _("没有预约的人")

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("记上了")
        ALREADY = "already", _("原来就是这样")
        CONFLICT = "conflict", _("跟别人记的对不上")
        REFUSED = "refused", _("没有记上")

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="offline_marks")
    # NULL for a walk-in note, and for an id that does not exist at this center.
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("预约"), related_name="offline_marks", null=True, blank=True
    )
    key = models.UUIDField(_("防重复键"))
    kind = models.CharField(_("记了什么"), max_length=10, choices=Kind)
    seen = models.CharField(_("当时屏幕上的状态"), max_length=10, choices=Status, blank=True)
    made_at = models.DateTimeField(_("记下的时间"))
    received_at = models.DateTimeField(_("收到的时间"), default=timezone.now)
    by = who(_("记的人"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    name = PersonNameField(_("来人姓名"), blank=True)
    matter = models.CharField(_("来办什么"), max_length=60, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    settled_by = who_if_any(_("处理人"))

    objects = OfflineMarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("断网时记下的")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="an_offline_mark_is_taken_once",
                violation_error_message=_("这一条已经收到过了。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="note") | Q(appointment__isnull=True),
                name="a_note_is_about_somebody_without_an_appointment",
                violation_error_message=_("有预约的人，请记在预约上。"),
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="an_offline_mark_is_settled_by_somebody",
                violation_error_message=_("处理要同时记下谁和什么时候。"),
            ),
        ]
        indexes = [models.Index(fields=["center", "settled_at"], name="offline_mark_unsettled")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d %H:%M}"
