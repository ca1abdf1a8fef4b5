"""好差评: five levels, one per visit or case, the last two bad. Source: 国办发〔2019〕51号 and GB/T 39735-2020."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment
from appointments.cases.models import Case
from appointments.catalog.models import ServiceItem
from centers.models import Center
from portal.accounts.columns import who_if_any


class Level(models.IntegerChoices):
    VERY_SATISFIED = 5, _("非常满意")
    SATISFIED = 4, _("满意")
    FAIR = 3, _("基本满意")
    DISSATISFIED = 2, _("不满意")
    VERY_DISSATISFIED = 1, _("非常不满意")


BAD_LEVEL = 2
NEWS_FOR = timedelta(days=30)
# Who has read a rating: prefixes of the columns that say so.
CENTER, ABOVE = "read", "read_above"


class RatingQuerySet(models.QuerySet):
    def with_code(self) -> "RatingQuerySet":
        """Annotates `code`, the division code of the visit or case."""
        return self.annotate(code=Coalesce("appointment__center__division__code", "case__center__division__code"))

    def bad(self) -> "RatingQuerySet":
        return self.filter(level__lte=BAD_LEVEL)

    def to_read(self, by: str, at: datetime) -> "RatingQuerySet":
        """Bad ones that nobody has read at the center (`CENTER`) or above it (`ABOVE`). Older ones are no news."""
        return self.bad().filter(rated_at__gt=at - NEWS_FOR, **{f"{by}_at": None})

    def for_pages(self) -> "RatingQuerySet":
        """With related center and service item, of visit or case (no N+1)."""
        return self.select_related("appointment__center", "appointment__item", "case__center", "case__item")


class Rating(models.Model):
    """Belongs to exactly one visit or case (invariant 7). No default level: no rating counts as unrated."""

    class Via(models.TextChoices):
        LINK = "link", _("短信链接")
        CODE = "code", _("预约码")

    appointment = models.OneToOneField(
        Appointment, models.PROTECT, verbose_name=_("预约"), related_name="rating", null=True, blank=True
    )
    case = models.OneToOneField(
        Case, models.PROTECT, verbose_name=_("代办件"), related_name="rating", null=True, blank=True
    )
    level = models.PositiveSmallIntegerField(_("评价"), choices=Level)
    comment = models.CharField(_("您的话"), max_length=300, blank=True)
    via = models.CharField(_("途径"), max_length=5, choices=Via)
    rated_at = models.DateTimeField(_("评价时间"), default=timezone.now)
    # A bad one is pointed out to both until somebody there has read it.
    read_at = models.DateTimeField(_("中心看过的时间"), null=True, blank=True)
    read_by = who_if_any(_("中心谁看过"))
    read_above_at = models.DateTimeField(_("乡镇看过的时间"), null=True, blank=True)
    read_above_by = who_if_any(_("乡镇谁看过"))

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评价")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__range=(1, 5)),
                name="a_rating_has_one_of_five_levels",
                violation_error_message=_("请从五个等级里选一个。"),
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=False, case__isnull=True)
                | Q(appointment__isnull=True, case__isnull=False),
                name="a_rating_is_of_one_visit_or_one_case",
                violation_error_message=_("一条评价只能评一次预约，或者一件代办。"),
            ),
        ]
        indexes = [models.Index(fields=["rated_at"], condition=Q(level__lte=2), name="rating_bad")]

    def __str__(self) -> str:
        return self.get_level_display()

    @property
    def of(self) -> Appointment | Case:
        return self.case if self.case_id else self.appointment

    @property
    def center(self) -> Center:
        return self.of.center

    @property
    def item(self) -> ServiceItem:
        return self.of.item

    @property
    def done_at(self) -> datetime:
        """Start of the appointment, or when the case was closed."""
        return self.case.closed_at if self.case_id else self.appointment.starts_at
