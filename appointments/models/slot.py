"""Time that can be booked: a row for each step of a center's opening hours, made ahead."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.models import Center


class SlotQuerySet(models.QuerySet):
    def within(self, code: str) -> "SlotQuerySet":
        return self.filter(center__division__code__range=codes.span(code))

    def between(self, start: datetime, end: datetime) -> "SlotQuerySet":
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def open(self) -> "SlotQuerySet":
        return self.filter(closed_at__isnull=True)


class Slot(models.Model):
    """Invariant 1: never more active bookings than places, online and desk counted apart.

    The counters are claimed by conditional UPDATE and guarded by the constraints below; the rows
    behind them are `Place`s, and `check_invariants` holds one against the other.
    """

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="slots")
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    online_places = models.PositiveSmallIntegerField(_("网上名额"))
    desk_places = models.PositiveSmallIntegerField(_("现场保留名额"))
    online_taken = models.PositiveSmallIntegerField(_("网上已约"), default=0)
    desk_taken = models.PositiveSmallIntegerField(_("现场已约"), default=0)
    closed_at = models.DateTimeField(_("停约时间"), null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("可约时间")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "starts_at"],
                name="a_center_has_one_slot_per_time",
                violation_error_message=_("这个时间已经开放过了。"),
            ),
            models.CheckConstraint(
                condition=Q(online_taken__gte=0) & Q(online_taken__lte=F("online_places")),
                name="online_bookings_stay_within_places",
                violation_error_message=_("这个时间的网上名额已经约满。"),
            ),
            models.CheckConstraint(
                condition=Q(desk_taken__gte=0) & Q(desk_taken__lte=F("desk_places")),
                name="desk_bookings_stay_within_places",
                violation_error_message=_("这个时间的现场名额已经用完。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="a_slot_ends_after_it_starts",
                violation_error_message=_("结束时间要晚于开始时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def online_free(self) -> int:
        return 0 if self.closed_at else self.online_places - self.online_taken

    @property
    def desk_free(self) -> int:
        return 0 if self.closed_at else self.desk_places - self.desk_taken
