from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat, Left
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.importing.spelling import spell
from centers.models.division import Division
from centers.models.succession import Succession
from portal.accounts.columns import who_if_any
from portal.ui.columns import OfficeNumberField

MOST_WINDOWS = 20


class CenterQuerySet(models.QuerySet):
    def within(self, code: str) -> "CenterQuerySet":
        return self.filter(division__code__range=codes.span(code))

    def open_to_public(self) -> "CenterQuerySet":
        return self.filter(is_active=True)

    def standing(self) -> "CenterQuerySet":
        """Those that were not merged into another; one a division."""
        return self.filter(leads_to=None)

    def search(self, words: str) -> "CenterQuerySet":
        """By center or village name, its sound, pinyin, initials, or the start of a code that it has, or had before.

        Also by its township's name, by names of what became its village, and of centers that were merged into it.
        """
        words = "".join(words.split())
        if not words:
            return self
        if words.isdecimal():
            return self.filter(Q(division__code__startswith=words) | Exists(_found_before(words)))
        merged = Center.objects.filter(leads_to=OuterRef("pk"), name__icontains=words)
        match = Q(name__icontains=words) | Exists(merged) | Exists(_township(words)) | _called(words, "division__")
        once = _called(words, "old__")
        match |= Q(division__in=Succession.objects.filter(once).values("new"))
        # What went into it had another name itself before.
        match |= Q(division__in=Succession.objects.filter(once).values("new__successions__new"))
        return self.filter(match)


def _called(words: str, path: str) -> Q:
    """By name, pinyin or initials of the division at lookup `path`."""
    latin = words.lower()
    match = Q(**{f"{path}name__icontains": words})
    if latin.isascii() and latin.isalpha():
        return match | Q(**{f"{path}initials__startswith": latin}) | Q(**{f"{path}pinyin__startswith": latin})
    # Typed with another character of the same sound: 河塘 for 何塘. A single one would match too much.
    sound = spell(words)[0]
    return match | Q(**{f"{path}pinyin__startswith": sound}) if len(words) > 1 and sound else match


def _township(words: str) -> models.QuerySet:
    """The township of a center, if that is its name."""
    code = Concat(Left(OuterRef("division__code"), 9), Value("000"))
    return Division.objects.current().filter(level=Division.Level.TOWNSHIP, name__icontains=words, code=code)


def _found_before(words: str) -> models.QuerySet:
    """Former codes of a center, or of one that was merged into it."""
    theirs = FormerCode.objects.filter(
        Q(center=OuterRef("pk")) | Q(center__leads_to=OuterRef("pk")), code__startswith=words
    )
    return theirs.exclude(code__in=Division.objects.current().filter(code__startswith=words).values("code"))


class Center(models.Model):
    """A village party-mass service center (党群服务中心): one per division.

    A center that was merged into another (`leads_to`) is at that one's division and serves nobody any more; what it
    has is settled there.
    """

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("所在村（社区）"), related_name="centers")
    name = models.CharField(_("名称"), max_length=80)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    directions = models.CharField(_("怎么走"), max_length=200, blank=True)
    phone = OfficeNumberField(_("电话"), blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    resident_population = models.PositiveIntegerField(_("常住人口"), null=True, blank=True)
    windows = models.PositiveSmallIntegerField(
        _("有几个窗口"), default=6, db_default=6, help_text=_("叫号时从这几个里选。")
    )
    board = models.CharField(
        _("通知"),
        max_length=300,
        blank=True,
        db_default="",
        help_text=_("写在中心的页面上，带日期和名字。不写就没有。"),
    )
    board_at = models.DateTimeField(_("通知是哪天写的"), null=True, blank=True, editable=False)
    board_by = who_if_any(_("通知是谁写的"), editable=False)
    is_active = models.BooleanField(_("对外服务"), default=True)
    leads_to = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("并入了哪个中心"),
        related_name="merged_in",
        null=True,
        blank=True,
        editable=False,
    )

    objects = CenterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("党群服务中心")
        ordering = ["division__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["division"],
                condition=Q(leads_to__isnull=True),
                name="a_division_has_one_center",
                violation_error_message=_("这个村（社区）已经有中心了。"),
            ),
            models.CheckConstraint(
                condition=Q(leads_to__isnull=True) | Q(is_active=False),
                name="a_merged_center_serves_nobody",
                violation_error_message=_("这个中心已经并到别的中心，不能再对外服务。"),
            ),
            models.CheckConstraint(
                condition=Q(windows__range=(1, MOST_WINDOWS)),
                name="a_center_has_one_to_twenty_windows",
                violation_error_message=_("窗口要有1到20个。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        return self.division.code

    @property
    def present(self) -> "Center":
        """Itself, or the center into which it was merged."""
        return self.leads_to or self

    def clean(self) -> None:
        """A code that came to another village is free for its center once the center that had it has gone elsewhere."""
        if self.leads_to_id or self.division_id is None:
            return
        same = Center.objects.standing().filter(division__code=self.code).exclude(division=self.division_id)
        if there := same.exclude(pk=self.pk).first():
            raise ValidationError(
                {"division": _("%(center)s还用着这个代码。请先给它换到新的区划。") % {"center": there.name}}
            )


class FormerCode(models.Model):
    """A code under which a center was found before; its addresses still lead to it."""

    center = models.ForeignKey(Center, models.CASCADE, verbose_name=_("中心"), related_name="former_codes")
    code = models.CharField(_("区划代码"), max_length=12)
    until = models.DateField(_("用到哪天"))

    class Meta:
        verbose_name = verbose_name_plural = _("用过的代码")
        ordering = ["-until", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["center", "code"], name="a_former_code_is_listed_once"),
        ]
        indexes = [models.Index(fields=["code"], name="former_code")]

    def __str__(self) -> str:
        return self.code


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
