from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.models.center import call_number
from centers.models.division import Division


class GroupTag(models.Model):
    """A group whose coverage is reported: the old, children, women, the disabled, party members, talents."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = _("人群")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ResidentQuerySet(models.QuerySet):
    def within(self, code: str) -> "ResidentQuerySet":
        return self.filter(division__code__range=codes.span(code))

    def search(self, words: str) -> "ResidentQuerySet":
        """By phone number, its last digits, or name."""
        words = words.strip()
        if words.isdecimal():
            return self.filter(phone__startswith=words) if len(words) > 4 else self.filter(phone__endswith=words)
        return self.filter(name__icontains=words)


class Resident(models.Model):
    """Somebody who is served. Several elders may share a phone; identity numbers are not stored."""

    # No index of its own: the unique constraint's index begins with this column.
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("村（社区）"), related_name="residents", db_index=False
    )
    name = models.CharField(_("姓名"), max_length=30)
    phone = models.CharField(_("电话"), max_length=20, blank=True, validators=[call_number])
    villager_group = models.CharField(_("村民小组（自然村）"), max_length=30, blank=True)
    groups = models.ManyToManyField(GroupTag, verbose_name=_("人群"), related_name="residents", blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("居民")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "phone", "name"],
                name="a_resident_is_listed_once",
                violation_error_message=_("这位居民已经登记过（同村、同名、同电话）。"),
            )
        ]
        indexes = [models.Index(fields=["phone"], name="resident_phone")]

    def __str__(self) -> str:
        return self.name


class FamilyLink(models.Model):
    """A resident for whom a user may book and whose bookings they see: themselves or a family member."""

    class Relation(models.TextChoices):
        SELF = "self", _("本人")
        CHILD = "child", _("子女")
        SPOUSE = "spouse", _("配偶")
        PARENT = "parent", _("父母")
        OTHER = "other", _("其他亲属")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("用户"), related_name="family_links"
    )
    resident = models.ForeignKey(Resident, models.CASCADE, verbose_name=_("居民"), related_name="family_links")
    relation = models.CharField(_("是居民的"), max_length=10, choices=Relation)
    agreed_at = models.DateTimeField(_("同意时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("家人")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "resident"],
                condition=Q(ended_at__isnull=True),
                name="a_family_link_stands_once",
                violation_error_message=_("已经是家人了。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.resident}"
