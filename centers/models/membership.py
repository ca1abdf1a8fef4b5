from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models.division import Division
from portal.accounts.columns import who
from portal.accounts.roles import Role


class MembershipQuerySet(models.QuerySet):
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
