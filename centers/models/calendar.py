"""The national calendar, approved closures and market days."""

from datetime import date, datetime

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.calendars import Day
from centers.models.center import Center
from centers.models.division import Division
from portal.accounts.columns import who_if_any


class CalendarDayQuerySet(models.QuerySet):
    def between(self, first: date, last: date) -> "CalendarDayQuerySet":
        return self.filter(date__range=(first, last)).order_by("date")

    def awaiting_notice(self) -> "CalendarDayQuerySet":
        """Days that the State Council's notice may change; the statutory holidays of a pending year are not."""
        return self.filter(is_pending=True).exclude(kind=CalendarDay.Kind.HOLIDAY)

    def late_year(self, today: date) -> int | None:
        """The year whose notice should be in the calendar by now and is not: this one or, from 1 December, the next.

        The State Council mostly publishes it in November; the day is our default.
        """
        last = date(today.year + (today.month == 12), 12, 31)
        day = self.between(today, last).awaiting_notice().values_list("date", flat=True).first()
        return day.year if day else None


class CalendarDay(models.Model):
    """One day of the national calendar. Source of holidays and make-up workdays: chinesecalendar.

    Years that the State Council has not published yet are pending (待公布): the statutory holidays are holidays, and of
    the other days Monday to Friday count as workdays.
    """

    class Kind(models.TextChoices):
        WORKDAY = "workday", _("工作日")
        WEEKEND = "weekend", _("周末")
        HOLIDAY = "holiday", _("法定节假日")
        MAKE_UP_WORKDAY = "make_up", _("调休上班")

    date = models.DateField(_("日期"), primary_key=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    name = models.CharField(_("节日"), max_length=20, blank=True)
    is_pending = models.BooleanField(_("待公布"), default=False)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("日历")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"

    @classmethod
    def of(cls, day: date, known: Day) -> "CalendarDay":
        return cls(date=day, **known._asdict())

    @property
    def known(self) -> Day:
        return Day(self.kind, self.name, self.is_pending)

    @known.setter
    def known(self, known: Day) -> None:
        self.kind, self.name, self.is_pending = known

    @property
    def is_workday(self) -> bool:
        return self.kind in (self.Kind.WORKDAY, self.Kind.MAKE_UP_WORKDAY)

    @property
    def awaits_notice(self) -> bool:
        """As CalendarDayQuerySet.awaiting_notice."""
        return self.is_pending and self.kind != self.Kind.HOLIDAY


class MarketRule(models.Model):
    """When a market (赶集) is held: last digits of the lunar or solar day of the month, or weekdays."""

    class Calendar(models.TextChoices):
        LUNAR = "lunar", _("农历")
        SOLAR = "solar", _("公历")
        WEEK = "week", _("星期")

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), related_name="market_rules")
    calendar = models.CharField(_("历法"), max_length=5, choices=Calendar)
    digits = models.CharField(
        _("逢几"),
        max_length=13,
        validators=[RegexValidator(r"^\d(,\d)*$", _("请用英文逗号隔开数字，例如 3,8。"))],
        help_text=_("逢三、八写 3,8（逢十写 0）；按星期写 1 到 7。"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("赶集规则")

    def __str__(self) -> str:
        return str(_("%(calendar)s逢%(digits)s") % {"calendar": self.get_calendar_display(), "digits": self.digits})


class MarketDay(models.Model):
    """Precomputed from a rule, so that pages need no lunar calendar."""

    rule = models.ForeignKey(MarketRule, models.CASCADE, verbose_name=_("规则"), related_name="days")
    date = models.DateField(_("日期"), db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("赶集日")
        constraints = [models.UniqueConstraint(fields=["rule", "date"], name="a_market_day_is_listed_once")]

    def __str__(self) -> str:
        return str(self.date)


class ClosureNoticeQuerySet(models.QuerySet):
    def approved(self) -> "ClosureNoticeQuerySet":
        return self.filter(approved_at__isnull=False, withdrawn_at__isnull=True)

    def undecided(self) -> "ClosureNoticeQuerySet":
        """Asked for, and neither approved nor withdrawn."""
        return self.filter(approved_at__isnull=True, withdrawn_at__isnull=True)

    def touching(self, starts_at: datetime, ends_at: datetime) -> "ClosureNoticeQuerySet":
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class ClosureNotice(models.Model):
    """A closure (停开) within the opening hours. Takes effect once the township has approved it."""

    class Reason(models.TextChoices):
        FARMING_PEAK = "farming", _("农忙")
        RENOVATION = "renovation", _("装修维护")
        SPRING_FESTIVAL = "spring_festival", _("春节放假")
        EMERGENCY = "emergency", _("突发情况")
        OTHER = "other", _("其他")

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="closures")
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    reason = models.CharField(_("原因"), max_length=20, choices=Reason)
    note = models.CharField(_("给群众的说明"), max_length=120, blank=True)
    requested_by = who_if_any(_("申请人"))
    created_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    approved_by = who_if_any(_("批准人"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = ClosureNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("停开通知")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="a_closure_ends_after_it_starts",
                violation_error_message=_("结束时间要晚于开始时间。"),
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="an_approval_has_a_person_and_a_time",
                violation_error_message=_("批准人和批准时间要一起有。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center} {self.get_reason_display()}"

    @property
    def words(self) -> str:
        """Why, for villagers: the free text, or the reason's label."""
        return self.note or str(self.get_reason_display())
