from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models.division import Division
from portal.accounts.columns import who
from portal.accounts.roles import Role


class MembershipQuerySet(models.QuerySet):
    def held(self) -> "MembershipQuerySet":
        """Not ended; the account may be disabled."""
        return self.filter(revoked_at__isnull=True)

    def active(self) -> "MembershipQuerySet":
        return self.filter(revoked_at__isnull=True, user__is_active=True)

    def awake(self) -> "MembershipQuerySet":
        """Active, and of nobody whose account sleeps: who can do now what the role is for."""
        return self.active().filter(user__asleep_since__isnull=True)


class Membership(models.Model):
    """A user's role at a division: gives its permissions there and everywhere below (range of codes)."""

    user = who(_("用户"), related_name="memberships")
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), related_name="memberships")
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    title = models.CharField(_("职务"), max_length=30, blank=True)
    granted_at = models.DateTimeField(_("授予时间"), default=timezone.now)
    revoked_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    # The row of the roster that ended with the post, so that taking it back brings back both.
    left_with = models.ForeignKey(
        "centers.Staff", models.PROTECT, verbose_name=_("一起离岗的"), null=True, blank=True, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("人员与角色")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "division", "role"],
                condition=Q(revoked_at__isnull=True),
                name="a_role_is_held_once",
                violation_error_message=_("这个人已经有这个角色。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.division} · {self.get_role_display()}"


class MemberChange(models.Model):
    """Who let somebody in, changed or ended a post, or helped with a lost sign-in: written once, read by both."""

    class Kind(models.TextChoices):
        INVITED = "invited", _("请进来")
        CHANGED = "changed", _("改了职务")
        ENDED = "ended", _("结束了职务")
        RESTORED = "restored", _("恢复了职务")
        PRINTED = "printed", _("重新打印了邀请单")
        FACTOR_RESET = "factor_reset", _("重设了动态口令")
        NUMBER_CHANGED = "number_changed", _("改了手机号")
        DISABLED = "disabled", _("停用了账户")
        ENABLED = "enabled", _("重新启用了账户")

    user = who(_("谁"))
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), related_name="+")
    kind = models.CharField(_("做了什么"), max_length=20, choices=Kind)
    role = models.CharField(_("角色"), max_length=20, choices=Role, blank=True)
    reason = models.CharField(_("为什么"), max_length=120, blank=True)
    by = who(_("谁做的"))
    at = models.DateTimeField(_("什么时候"), default=timezone.now)
    key = models.CharField(_("幂等键"), max_length=32, null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("账户变动")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()} {self.at:%Y-%m-%d}"
