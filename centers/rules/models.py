"""Changes of rules: append-only, so that a day of the past keeps the value that it had."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models.division import Division
from portal.accounts.columns import who


class RuleChange(models.Model):
    """From `valid_from` on a rule has this value in a division and below; None: that of the division above.

    Without a division it holds for all of them. Of several changes in force the one with the latest `valid_from`
    counts, of those the last one. `number` counts the changes of one rule of one division, from 1.
    """

    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("区划"), related_name="rule_changes", null=True, blank=True
    )
    name = models.CharField(_("哪条规则"), max_length=60)
    number = models.PositiveIntegerField(_("第几次改"))
    value = models.JSONField(_("改成"), null=True)
    valid_from = models.DateField(_("从哪天起"))
    reason = models.CharField(_("为什么改"), max_length=200)
    undoes = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("撤回哪一次"), related_name="undone_by", null=True, blank=True
    )
    key = models.CharField(_("防重复键"), max_length=64, unique=True)
    set_by = who(_("谁改的"))
    set_at = models.DateTimeField(_("什么时候改的"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("规则")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name", "number"],
                name="a_rule_of_a_division_changes_in_turn",
                violation_error_message=_("这条规则刚刚被别人改过了。"),
            ),
            models.UniqueConstraint(
                fields=["name", "number"],
                condition=Q(division__isnull=True),
                name="a_rule_of_all_divisions_changes_in_turn",
                violation_error_message=_("这条规则刚刚被别人改过了。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"
