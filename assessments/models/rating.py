"""好差评: five levels, one per visit. Source: 国办发〔2019〕51号 and GB/T 39735-2020 (the last two are bad ratings)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from centers import codes


class Level(models.IntegerChoices):
    VERY_SATISFIED = 5, _("非常满意")
    SATISFIED = 4, _("满意")
    FAIR = 3, _("基本满意")
    DISSATISFIED = 2, _("不满意")
    VERY_DISSATISFIED = 1, _("非常不满意")


class RatingQuerySet(models.QuerySet):
    def within(self, code: str) -> "RatingQuerySet":
        return self.filter(appointment__center__division__code__range=codes.span(code))


class Rating(models.Model):
    """Invariant 7: belongs to one real visit. Never preset: whoever does not rate is counted as unrated."""

    class Via(models.TextChoices):
        LINK = "link", _("短信链接")
        CODE = "code", _("预约码")

    appointment = models.OneToOneField(Appointment, models.PROTECT, verbose_name=_("预约"), related_name="rating")
    level = models.PositiveSmallIntegerField(_("评价"), choices=Level)
    comment = models.CharField(_("您的话"), max_length=300, blank=True)
    via = models.CharField(_("途径"), max_length=5, choices=Via)
    rated_at = models.DateTimeField(_("评价时间"), default=timezone.now)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评价")
        constraints = [
            models.CheckConstraint(
                condition=Q(level__range=(1, 5)),
                name="a_rating_has_one_of_five_levels",
                violation_error_message=_("请从五个等级里选一个。"),
            )
        ]

    def __str__(self) -> str:
        return self.get_level_display()
