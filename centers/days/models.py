"""The day of a center (CenterDay): what everything that speaks of a day reads. Written by centers.days.keeping only."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centers.days.half_days import AFTERNOON, EVENING, MORNING
from centers.days.opening import Opening
from centers.models.calendar import ClosureNotice
from centers.models.center import Center
from portal.ui.days import midnight

PROOFS = {MORNING: "morning_proof", AFTERNOON: "afternoon_proof", EVENING: "evening_proof"}
FACTS = ("openings", "unstaffed", "on_duty", "is_rostered", "reason", "note", "awaits_notice")
MINUTE = timedelta(minutes=1)

Stretch = list[int]  # start and end in minutes after local midnight; online, desk and walk-in places


class CenterDayQuerySet(models.QuerySet):
    def between(self, first: date, last: date) -> "CenterDayQuerySet":
        return self.filter(date__range=(first, last))

    def stale(self) -> "CenterDayQuerySet":
        return self.filter(is_stale=True)


class CenterDay(models.Model):
    """One day of one center: when it is open, why not, who is on duty, and since when somebody is known to be there.

    A day without a row is not arranged yet (还没排), which is not the same as closed. Past days keep what was in force
    then. People are stored by id only, so that nothing here needs to be anonymized.

    `openings` and `unstaffed` are lists of Stretch: the opening hours with somebody on duty (or without a roster), and
    those with nobody. `on_duty` are the ids of the staff at the desk by half day, as {"morning": [3, 7]}.
    `version` counts the changes of these facts. `is_stale`: something changed for many centers, and the row follows
    with the job `renew-days`.
    """

    class Reason(models.TextChoices):
        """Why the day differs from other weeks, unless by a closure."""

        HOLIDAY = "holiday", _("法定节假日")
        MAKE_UP_WORKDAY = "make_up", _("调休上班")
        UNSTAFFED = "unstaffed", _("没有人值班")
        PAUSED = "paused", _("暂停对外服务")

    REASONS = [*ClosureNotice.Reason.choices, *Reason.choices]

    # No index on `center`: the unique index serves it.
    center = models.ForeignKey(Center, models.CASCADE, verbose_name=_("中心"), related_name="days", db_index=False)
    date = models.DateField(_("日期"))
    openings = models.JSONField(_("开放时间"), default=list, blank=True)
    unstaffed = models.JSONField(_("没有人值班的开放时间"), default=list, blank=True)
    on_duty = models.JSONField(_("谁在窗口"), default=dict, blank=True)
    is_rostered = models.BooleanField(_("有值班表"), default=False)
    reason = models.CharField(_("和平常不一样的原因"), max_length=20, blank=True, choices=REASONS)
    note = models.CharField(_("说明"), max_length=120, blank=True)
    awaits_notice = models.BooleanField(_("放假安排还没公布"), default=False)
    morning_proof = models.DateTimeField(_("上午最早有人的凭据"), null=True, blank=True)
    afternoon_proof = models.DateTimeField(_("下午最早有人的凭据"), null=True, blank=True)
    evening_proof = models.DateTimeField(_("晚上最早有人的凭据"), null=True, blank=True)
    version = models.PositiveIntegerField(_("改过几次"), default=0)
    is_stale = models.BooleanField(_("等着重算"), default=False)

    objects = CenterDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("中心的一天")
        ordering = ["date", "center"]
        constraints = [models.UniqueConstraint(fields=["center", "date"], name="a_center_has_one_row_a_day")]
        indexes = [
            models.Index(fields=["date"], name="day_date"),
            models.Index(fields=["center", "date"], condition=Q(is_stale=True), name="day_stale"),
        ]

    def __str__(self) -> str:
        return f"{self.center_id} {self.date}"

    @property
    def words(self) -> str:
        return words_of(self.reason, self.note)

    @property
    def open_periods(self) -> list[Opening]:
        return as_openings(self.openings, self.date)

    @property
    def unstaffed_periods(self) -> list[Opening]:
        return as_openings(self.unstaffed, self.date)

    @property
    def hours(self) -> list[Opening]:
        """All opening hours, with or without somebody on duty, in order."""
        return as_openings(sorted(self.openings + self.unstaffed), self.date)

    def people(self, part: str) -> set[int]:
        """Ids of the staff at the desk in a half day."""
        return set(self.on_duty.get(part, ()))

    def proof(self, part: str) -> datetime | None:
        """The first moment of the half day at which somebody is known to have been there."""
        return getattr(self, PROOFS[part])


# Looked up for every center of a list; Django's get_reason_display builds this each time.
REASON_LABELS = dict(CenterDay.REASONS)


def words_of(reason: str, note: str) -> str:
    """Why a day differs from other weeks: a free text, or the reason's label; empty for an ordinary day."""
    return note or str(REASON_LABELS.get(reason, reason))


def as_openings(stretches: list[Stretch], day: date) -> list[Opening]:
    start = midnight(day)
    return [Opening(start + opens * MINUTE, start + closes * MINUTE, *places) for opens, closes, *places in stretches]


def as_stretches(openings: list[Opening], day: date) -> list[Stretch]:
    """Whole minutes: a period that starts within a minute starts with the next one."""
    start = midnight(day)
    return [
        [
            -((start - opening.starts_at) // MINUTE),
            (opening.ends_at - start) // MINUTE,
            opening.online_places,
            opening.desk_places,
            opening.walk_in_places,
        ]
        for opening in openings
    ]
