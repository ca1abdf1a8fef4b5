"""User accounts, invitation slips, one-time codes and rate limit counters. Villagers can book without an account."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.ui.columns import NumberField, PersonNameField

mobile_number = RegexValidator(r"^1[3-9]\d{9}$", _("请填写11位手机号，例如 13800005678。"))


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields) -> "User":
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    username = models.CharField(_("登录名"), max_length=40, unique=True)
    name = PersonNameField(_("姓名"), blank=True)
    phone = NumberField(_("手机号"), max_length=11, unique=True, null=True, blank=True, validators=[mobile_number])
    phone_verified_at = models.DateTimeField(_("手机号核验时间"), null=True, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_staff = models.BooleanField(_("可进数据维护后台"), default=False)
    # Set when somebody signs in by a code after long: the number may be another person's by now.
    asleep_since = models.DateTimeField(_("等中心见过本人（从何时起）"), null=True, blank=True)
    date_joined = models.DateTimeField(_("开通时间"), default=timezone.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """What to call them; "" for an account that came with a code and has no name yet, or is asleep."""
        if self.asleep_since:
            return ""
        return self.name or (self.username if self.has_usable_password() else "")

    get_short_name = get_full_name


class InvitationQuerySet(models.QuerySet):
    def standing(self) -> "InvitationQuerySet":
        """Neither used nor replaced by another; it may have expired."""
        return self.filter(used_at__isnull=True, voided_at__isnull=True)


class Invitation(models.Model):
    """A printed slip whose code opens an account once, see `invitations`. Only a hash of the code is stored."""

    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("给谁"), related_name="invitations")
    code_hash = models.CharField(_("单子号码摘要"), max_length=64, unique=True)
    # After a lost second factor or a changed number: until it is used, the account opens by nothing else.
    is_only_way = models.BooleanField(_("只能凭这张单登录"), default=False)
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("谁打印的"), related_name="+")
    made_at = models.DateTimeField(_("打印时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("过期时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("邀请单")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at__isnull=True, voided_at__isnull=True),
                name="one_slip_is_valid_at_a_time",
                violation_error_message=_("刚刚有人也给他（她）打印了邀请单。请再打印一张，以最后一张为准。"),
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(voided_at__isnull=True),
                name="a_slip_is_used_or_void",
                violation_error_message=_("用过的邀请单不用作废。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.made_at:%Y-%m-%d %H:%M}"


class LoginCode(models.Model):
    """A one-time code sent to a phone. Verified and used up by conditional UPDATEs only, see `codes`."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("登录")
        LOOK_UP = "look_up", _("查预约")
        NUMBER = "number", _("改手机号")

    phone = models.CharField(_("手机号"), max_length=11)
    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose)
    code_hash = models.CharField(_("验证码摘要"), max_length=64)
    expires_at = models.DateTimeField(_("过期时间"))
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("发送时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("验证码")
        indexes = [models.Index(fields=["expires_at"], name="login_code_expires_at")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(attempts__lte=5),
                name="a_code_is_guessed_at_most_five_times",
                violation_error_message=_("这个验证码已经试了五次，请重新获取。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.created_at:%Y-%m-%d %H:%M}"


class Throttle(models.Model):
    """Sliding window counter of `throttle`. `moments` is a list of `[unix time, count]`, oldest first."""

    key = models.CharField(_("计数对象摘要"), max_length=64, primary_key=True)
    version = models.PositiveBigIntegerField(_("版本"), default=0)
    moments = models.JSONField(_("时刻"), default=list)
    expires_at = models.DateTimeField(_("过期时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("频次")
        indexes = [models.Index(fields=["expires_at"], name="throttle_expires_at")]

    def __str__(self) -> str:
        return self.key[:12]
