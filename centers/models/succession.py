"""What became of a division."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models.division import Division
from portal.accounts.columns import who_if_any


class Succession(models.Model):
    """A division that has ended, and one that came after it.

    `old` is a closed row: of a division that only got another code or name, the row itself lives on, and what it was
    called before is the closed row (as in the import's history of names).
    """

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("更名")
        RECODED = "recoded", _("换代码")
        MERGED = "merged", _("并入")
        SPLIT = "split", _("拆分")

    old = models.ForeignKey(Division, models.PROTECT, verbose_name=_("原来的区划"), related_name="successions")
    new = models.ForeignKey(Division, models.PROTECT, verbose_name=_("后来的区划"), related_name="predecessors")
    kind = models.CharField(_("怎么变的"), max_length=10, choices=Kind)
    goes_on = models.BooleanField(
        _("中心、人员和居民跟过去"),
        default=True,
        help_text=_("拆成几个的，只有一个是：原来的中心、人员和居民都归它。"),
    )
    on = models.DateField(_("哪天起"))
    decided_by = who_if_any(_("谁定的"))
    decided_at = models.DateTimeField(_("什么时候定的"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("区划沿革")
        ordering = ["-on", "old__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["old", "new"],
                name="a_succession_is_recorded_once",
                violation_error_message=_("这一条已经记过了。"),
            ),
            models.UniqueConstraint(
                fields=["old"],
                condition=Q(goes_on=True),
                name="a_division_goes_on_in_one",
                violation_error_message=_("这个区划的中心和人员已经跟着别的区划去了。"),
            ),
            models.CheckConstraint(
                condition=~Q(old=F("new")),
                name="a_division_does_not_succeed_itself",
                violation_error_message=_("原来的和后来的不能是同一个区划。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
