"""Staff of a center. Somebody on the roster need not have a user account."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.models.center import Center
from portal.accounts.columns import who_if_any
from portal.ui.columns import NumberField, PersonNameField


class StaffQuerySet(models.QuerySet):
    def working(self, day: date | None = None) -> "StaffQuerySet":
        """Staff employed on `day` (default today)."""
        day = day or timezone.localdate()
        return self.filter(joined_on__lte=day).filter(Q(left_on__isnull=True) | Q(left_on__gt=day))

    def of_user(self, user) -> "StaffQuerySet":
        """Nothing of an account that sleeps: its number may be somebody else's by now."""
        awake = self.working().filter(user=user, user__asleep_since__isnull=True)
        return awake.select_related("center__division")


class Staff(models.Model):
    """One person at one center. Somebody who works at two centers has two rows with the same account."""

    class Post(models.TextChoices):
        COMMITTEE = "committee", _("村“两委”干部")
        FULL_TIME = "full_time", _("专职人员")
        PUBLIC_WELFARE = "welfare", _("公益岗位")
        RESIDENT_CADRE = "resident", _("驻村干部")
        VOLUNTEER = "volunteer", _("志愿者")

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="staff")
    name = PersonNameField(_("姓名"))
    title = models.CharField(_("职务"), max_length=30, blank=True)
    post_type = models.CharField(_("岗位类型"), max_length=10, choices=Post, default=Post.COMMITTEE)
    phone = NumberField(_("电话"), blank=True)
    is_phone_public = models.BooleanField(
        _("值班时公开电话"), default=False, help_text=_("本人同意才勾。不勾的，门口和网上写中心的电话。")
    )
    can_lead = models.BooleanField(_("可以带班"), default=False)
    takes_turns = models.BooleanField(_("参加排班"), default=True)
    user = who_if_any(_("登录账号"), related_name="posts")
    joined_on = models.DateField(_("到岗日期"), default=timezone.localdate)
    left_on = models.DateField(_("离岗日期"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("排列顺序"), default=0)
    calendar_key = models.CharField(_("日历地址"), max_length=43, null=True, blank=True, unique=True, editable=False)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("中心人员")
        ordering = ["center", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "user"],
                condition=Q(left_on__isnull=True, user__isnull=False),
                name="an_account_is_one_person_at_a_center",
                violation_error_message=_("这个账号已经是这个中心的另一个人了。"),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                name="nobody_leaves_before_coming",
                violation_error_message=_("离岗日期不能早于到岗日期。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_phone(self) -> str:
        """The phone number on the public poster: their own if they agreed, else the center's."""
        return self.phone if self.is_phone_public and self.phone else self.center.phone
