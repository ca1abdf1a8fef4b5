from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.models.division import Division
from portal.ui.columns import OfficeNumberField


class CenterQuerySet(models.QuerySet):
    def within(self, code: str) -> "CenterQuerySet":
        return self.filter(division__code__range=codes.span(code))

    def open_to_public(self) -> "CenterQuerySet":
        return self.filter(is_active=True)

    def search(self, words: str) -> "CenterQuerySet":
        """By center or village name, full pinyin, pinyin initials, or the start of a division code."""
        words = words.strip()
        if not words:
            return self
        if words.isdecimal():
            return self.filter(division__code__startswith=words)
        latin = words.lower().replace(" ", "")
        match = Q(name__icontains=words) | Q(division__name__icontains=words)
        if latin.isascii() and latin.isalpha():
            match |= Q(division__initials__startswith=latin) | Q(division__pinyin__startswith=latin)
        return self.filter(match)


class Center(models.Model):
    """A village party-mass service center (党群服务中心): one per division."""

    division = models.OneToOneField(Division, models.PROTECT, verbose_name=_("所在村（社区）"), related_name="center")
    name = models.CharField(_("名称"), max_length=80)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    directions = models.CharField(_("怎么走"), max_length=200, blank=True)
    phone = OfficeNumberField(_("电话"), blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    resident_population = models.PositiveIntegerField(_("常住人口"), null=True, blank=True)
    is_active = models.BooleanField(_("对外服务"), default=True)

    objects = CenterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("党群服务中心")
        ordering = ["division__code"]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        return self.division.code


class RoomFunction(models.Model):
    """The use of a room. Presets come with the product; a county adds its own."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=30)
    is_mandatory_use = models.BooleanField(_("多用于规定动作"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("功能")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="rooms")
    name = models.CharField(_("名称"), max_length=40)
    functions = models.ManyToManyField(RoomFunction, verbose_name=_("功能"), related_name="rooms", blank=True)
    seats = models.PositiveSmallIntegerField(_("可坐人数"), default=10)
    area = models.DecimalField(_("面积（平方米）"), max_digits=7, decimal_places=1, null=True, blank=True)
    is_public = models.BooleanField(_("群众可借用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("房间")
        ordering = ["center", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "name"],
                name="a_room_name_is_used_once_in_a_center",
                violation_error_message=_("这个中心已经有同名的房间。"),
            )
        ]

    def __str__(self) -> str:
        return self.name
