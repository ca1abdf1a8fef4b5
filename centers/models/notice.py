"""The State Council's yearly notice of holidays, as somebody typed it in."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.calendars import Day
from portal.accounts.columns import who, who_if_any
from portal.ui import params


class HolidayNoticeQuerySet(models.QuerySet):
    def standing(self) -> "HolidayNoticeQuerySet":
        return self.filter(undone_at__isnull=True)

    def for_list(self) -> "HolidayNoticeQuerySet":
        """Without what makes a row large."""
        return self.select_related("entered_by", "undone_by").defer("text", "before", "after")


class HolidayNotice(models.Model):
    """What was typed in and what it changed, so that it can be undone in one step (centers.holidays.services).

    `before` and `after` hold the changed days only: ISO date → [kind, name, is pending] of CalendarDay.
    """

    class Way(models.TextChoices):
        TEXT = "text", _("贴通知原文")
        TABLE = "table", _("一行一行填")
        SHEET = "sheet", _("传表格")

    year = models.PositiveSmallIntegerField(_("年份"))
    way = models.CharField(_("怎么录的"), max_length=5, choices=Way)
    text = models.TextField(_("原文"))
    before = models.JSONField(_("原来的日子"))
    after = models.JSONField(_("改成的日子"))
    key = models.CharField(_("防重复键"), max_length=64, unique=True)
    entered_by = who(_("录入人"))
    entered_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    undone_by = who_if_any(_("撤回人"))
    undone_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = HolidayNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("放假安排")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="what_is_undone_has_a_person_and_a_time",
                violation_error_message=_("撤回人和撤回时间要一起有。"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(year)d年放假安排") % {"year": self.year})

    @property
    def days(self) -> dict[date, tuple[Day, Day]]:
        """Before and after of each changed day, in order."""
        return {
            on: (Day(*self.before[day]), Day(*known))
            for day, known in sorted(self.after.items())
            if (on := params.day(day))
        }
