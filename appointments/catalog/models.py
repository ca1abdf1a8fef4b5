"""Service items in immutable versions: a booking refers to the version that it was made with.

What a version says stands in `ItemContent`, and so does what one still to come will say (`ItemDraft`). Where an item
is not offered although a division above has it: `ItemOptOut`.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.models import Center, Division
from portal.accounts.columns import who, who_if_any

LONGEST_LIMIT = 1000  # days
LONGEST_MATERIAL, MOST_MATERIALS = 100, 30


class Category(models.TextChoices):
    """Everyday categories, as villagers look for them."""

    RELIEF = "relief", _("困难救助")
    SECURITY = "security", _("养老医保")
    FAMILY_HEALTH = "family_health", _("生育健康残疾")
    WORK = "work", _("就业创业")
    FARMING = "farming", _("种地建房")
    HOUSEHOLD = "household", _("户口身份证")
    VETERANS = "veterans", _("退役军人")
    LEGAL = "legal", _("调解法律")
    PARTY = "party", _("党群证明")
    LIVING = "living", _("生活代办")


class HandlingMode(models.TextChoices):
    DIRECT = "direct", _("村里直接办")
    PROXY = "proxy", _("代办员替您跑")
    ASSISTED = "assisted", _("帮您一起办")


class LimitKind(models.TextChoices):
    INSTANT = "instant", _("当场办好")
    WORKDAYS = "workdays", _("个工作日")
    DAYS = "days", _("天")
    YEARLY = "yearly", _("每年集中办")
    EXTERNAL = "external", _("以主管部门为准")
    NONE = "none", _("没有规定")


class ItemContent(models.Model):
    """What a villager reads of an item. Limits, laws and names differ by county; `source_note` gives the source."""

    category = models.CharField(_("类别"), max_length=20, choices=Category)
    name = models.CharField(_("事项名称"), max_length=60)
    everyday_name = models.CharField(_("平常叫法"), max_length=60)
    summary = models.CharField(_("一句话说明"), max_length=200, blank=True)
    materials = models.JSONField(_("要带的材料"), default=list, blank=True)
    keywords = models.CharField(_("平常说法"), max_length=200, blank=True, help_text=_("用空格隔开。"))
    statutory_kind = models.CharField(_("法定时限"), max_length=10, choices=LimitKind)
    statutory_limit = models.PositiveSmallIntegerField(_("法定天数"), null=True, blank=True)
    promised_kind = models.CharField(_("承诺时限"), max_length=10, choices=LimitKind)
    promised_limit = models.PositiveSmallIntegerField(_("承诺天数"), null=True, blank=True)
    handling_mode = models.CharField(_("办理方式"), max_length=10, choices=HandlingMode)
    can_be_represented = models.BooleanField(_("可以让别人来办"), default=True)
    representation_note = models.CharField(_("替办要带什么"), max_length=120, blank=True)
    fee_note = models.CharField(
        _("收费"),
        max_length=120,
        blank=True,
        db_default="",
        help_text=_("不收费就空着；收费的写清楚多少钱、交给谁、凭什么收。"),
    )
    is_sensitive = models.BooleanField(_("涉及敏感个人信息"), default=False)
    minutes = models.PositiveSmallIntegerField(
        _("在窗口大约几分钟"), default=30, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    source_note = models.CharField(_("依据说明"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.everyday_name or self.name

    def clean(self) -> None:
        """Refuse what is a typing mistake: each day until the deadline is counted, on each page that shows the case."""
        limits = {name: getattr(self, name) or 0 for name in ("statutory_limit", "promised_limit")}
        sentence = _("最多%(most)s天。请看看是不是多打了。") % {"most": LONGEST_LIMIT}
        if errors := {name: sentence for name, limit in limits.items() if limit > LONGEST_LIMIT}:
            raise ValidationError(errors)

    @property
    def statutory_text(self) -> str:
        return _limit_text(self.statutory_limit, LimitKind(self.statutory_kind))

    @property
    def promised_text(self) -> str:
        return _limit_text(self.promised_limit, LimitKind(self.promised_kind))


CONTENT = tuple(field.name for field in ItemContent._meta.fields)


class ServiceItemQuerySet(models.QuerySet):
    def current(self) -> "ServiceItemQuerySet":
        return self.filter(valid_to__isnull=True)

    def offered_along(self, line: Iterable[str]) -> "ServiceItemQuerySet":
        """Current versions of the divisions on the way down to a center, less what one of them does not offer."""
        line = list(line)
        out = ItemOptOut.objects.current().filter(code=OuterRef("code"), division__code__in=line)
        return self.current().filter(~Exists(out), division__code__in=line)

    def at(self, center: Center) -> "ServiceItemQuerySet":
        """The items offered at a center: current versions of the divisions above it."""
        return self.offered_along([*codes.ancestors(center.code), center.code])


class ServiceItem(ItemContent):
    """One version of a service item (事项)."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("适用地区"), related_name="service_items")
    code = models.SlugField(_("事项编码"), max_length=20)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    search_text = models.TextField(editable=False, default="")
    valid_from = models.DateField(_("启用日期"), default=timezone.localdate)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    changed_by = who_if_any(_("修改人"))
    changed_at = models.DateTimeField(_("修改时间"), null=True, blank=True, editable=False)
    ended_by = who_if_any(_("谁停办的"), editable=False)

    objects = ServiceItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务事项")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "code", "version"],
                name="an_item_version_is_numbered_once",
                violation_error_message=_("这个版本号已经用过。"),
            ),
            models.UniqueConstraint(
                fields=["division", "code"],
                condition=Q(valid_to__isnull=True),
                name="an_item_has_one_current_version",
                violation_error_message=_("这个事项已经有正在使用的版本。"),
            ),
        ]


class ItemDraft(ItemContent):
    """The next version of an item, or the first of a new one, before it is offered: without a day, or from a day on.

    `base_version`: the version that it was written over, 0 for an item that is not offered. If that is not the current
    one any more, the draft does not start by itself.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("适用地区"), related_name="item_drafts")
    code = models.SlugField(_("事项编码"), max_length=20)
    base_version = models.PositiveSmallIntegerField(_("改的是哪一版"), default=0)
    starts_on = models.DateField(_("哪天启用"), null=True, blank=True)
    changed_by = who(_("修改人"))
    changed_at = models.DateTimeField(_("修改时间"), default=timezone.now)
    revision = models.PositiveIntegerField(_("改过几次"), default=1)

    class Meta:
        verbose_name = verbose_name_plural = _("还没启用的事项")
        ordering = ["division", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "code"],
                name="an_item_has_one_draft",
                violation_error_message=_("这个事项已经有一份草稿了。"),
            ),
        ]


class ItemOptOutQuerySet(models.QuerySet):
    def current(self) -> "ItemOptOutQuerySet":
        return self.filter(ended_at__isnull=True)


class ItemOptOut(models.Model):
    """A village, or all of a township, does not offer an item that a division above has. Opened again by `ended_at`.

    Refers to the item's code, so that it stays when a new version of the item comes.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("哪里不办"), related_name="item_opt_outs")
    code = models.SlugField(_("事项编码"), max_length=20)
    since = models.DateTimeField(_("从什么时候"), default=timezone.now)
    by = who(_("谁定的"))
    ended_at = models.DateTimeField(_("什么时候恢复"), null=True, blank=True)
    ended_by = who_if_any(_("谁恢复的"))

    objects = ItemOptOutQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("这里不办的事项")
        ordering = ["division", "code", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "division"],
                condition=Q(ended_at__isnull=True),
                name="an_item_is_switched_off_once",
                violation_error_message=_("这里已经不办这件事了。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.division_id}"


def _limit_text(number: int | None, kind: LimitKind) -> str:
    if kind in (LimitKind.WORKDAYS, LimitKind.DAYS) and number:
        return f"{number}{kind.label}"
    return str(kind.label)
