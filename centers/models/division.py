from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.short_names import short_name


class DivisionQuerySet(models.QuerySet):
    def current(self) -> "DivisionQuerySet":
        return self.filter(valid_to__isnull=True)

    def within(self, code: str) -> "DivisionQuerySet":
        return self.filter(code__range=codes.span(code))

    def above(self, code: str) -> "DivisionQuerySet":
        """The current ancestors, province first."""
        return self.current().filter(code__in=codes.ancestors(code)).order_by("code")


class Division(models.Model):
    """An administrative division, in force from `valid_from` until the day before `valid_to`.

    Codes change yearly, so that foreign keys reference the row and never the code.
    """

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("省")
        PREFECTURE = 2, _("市")
        COUNTY = 3, _("县（区）")
        TOWNSHIP = 4, _("乡镇（街道）")
        VILLAGE = 5, _("村（社区）")

    code = models.CharField(
        _("区划代码"), max_length=12, validators=[RegexValidator(r"^\d{12}$", _("区划代码是12位数字。"))]
    )
    name = models.CharField(_("名称"), max_length=80)
    level = models.PositiveSmallIntegerField(_("级别"), choices=Level)
    pinyin = models.CharField(_("全拼"), max_length=200, blank=True)
    initials = models.CharField(_("拼音首字母"), max_length=80, blank=True)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("行政区划")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                name="one_current_division_per_code",
                violation_error_message=_("这个区划代码正在使用。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="a_division_ends_after_it_starts",
                violation_error_message=_("停用日期要晚于启用日期。"),
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="division_code"),
            models.Index(fields=["level", "initials"], name="division_initials"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """Such as 柳湾村 for 柳湾村村民委员会."""
        return short_name(self.name)
