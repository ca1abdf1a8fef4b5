"""API tokens, with which another system acts for one member of staff."""

import hashlib
import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models.membership import Membership

SHOWN = 10


def new_secret() -> str:
    return f"jmk_{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> str:
    # 256 random bits cannot be guessed, so an unsalted fast hash is safe, and can be looked up by index.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class ApiTokenQuerySet(models.QuerySet):
    def active(self) -> "ApiTokenQuerySet":
        """Neither the token nor its membership is revoked, and the user is active."""
        return self.filter(
            revoked_at__isnull=True, membership__revoked_at__isnull=True, membership__user__is_active=True
        )


class ApiToken(models.Model):
    """The secret is shown once, when issued; stored are its SHA-256 digest and a prefix to recognise it by."""

    membership = models.ForeignKey(Membership, models.PROTECT, verbose_name=_("代表谁"), related_name="api_tokens")
    name = models.CharField(_("给哪个系统用"), max_length=60)
    start = models.CharField(_("开头几位"), max_length=SHOWN, editable=False)
    digest = models.CharField(_("摘要"), max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("发放时间"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} {self.start}…"
