"""An uploaded sheet and its rows, a part at a time: what is done of it is stored with what it did."""

from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.columns import who
from portal.accounts.models import User


class SheetUploadQuerySet(models.QuerySet):
    def of(self, user: User) -> "SheetUploadQuerySet":
        """Sheets name people: who did not upload one does not see it."""
        return self.filter(by=user)

    def with_faults(self) -> "SheetUploadQuerySet":
        """`bad`: how many faults the rows have."""
        return self.annotate(bad=Sum("parts__bad", default=0)).order_by("-pk")

    def unfinished(self) -> "SheetUploadQuerySet":
        """Something is to be done, and nobody waits for an answer."""
        is_unread_or_unchecked = Q(checked_at=None)
        is_unwritten = Q(confirmed_at__isnull=False, written_at=None)
        is_to_be_undone = Q(undo_asked_at__isnull=False, undone_at=None)
        return self.filter(is_unread_or_unchecked | is_unwritten | is_to_be_undone, refusal="")


class SheetUpload(models.Model):
    """The moments say how far it is; `done` of `total` parts in the step that is under way."""

    class Kind(models.TextChoices):
        CENTERS = "centers", _("中心和开放时间")
        ROOMS = "rooms", _("房间")
        PEOPLE = "people", _("人员：登录和排班")
        RESIDENTS = "residents", _("居民和家人")

    kind = models.CharField(_("哪种表"), max_length=10, choices=Kind)
    name = models.CharField(_("文件名"), max_length=120)
    by = who(_("谁传的"))
    at = models.DateTimeField(_("什么时候传的"), default=timezone.now)
    key = models.CharField(_("表单编号"), max_length=32, unique=True)
    read_at = models.DateTimeField(_("读完"), null=True, blank=True)
    checked_at = models.DateTimeField(_("查完"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认"), null=True, blank=True)
    written_at = models.DateTimeField(_("写完"), null=True, blank=True)
    undo_asked_at = models.DateTimeField(_("要求撤回"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤回完"), null=True, blank=True)
    refusal = models.CharField(_("为什么没有收"), max_length=500, blank=True)
    headers = models.JSONField(_("表头"), default=list)
    notes = models.JSONField(_("要知道的"), default=list)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(_("这一步做完的份数"), default=0)
    total = models.PositiveIntegerField(_("一共几份"), default=0)
    claimed_until = models.DateTimeField(_("有人在做，到何时"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("没有进展的次数"), default=0)

    objects = SheetUploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("传上来的表")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["by", "kind", "-at"], name="sheet_upload_by")]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(checked_at__isnull=False),
                name="a_sheet_is_checked_before_it_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(undo_asked_at=None) | Q(written_at__isnull=False),
                name="a_sheet_is_written_before_it_is_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def is_working(self) -> bool:
        """Whether the next step is the portal's and not the user's."""
        if self.refusal:
            return False
        asked = self.undo_asked_at and not self.undone_at
        return not self.checked_at or bool(self.confirmed_at and not self.written_at) or bool(asked)

    @property
    def percent(self) -> int:
        """Of the step that is under way, 0 to 100."""
        return 100 * self.done // self.total if self.total else 0


class SheetFile(models.Model):
    """The file itself, until it has been read."""

    upload = models.OneToOneField(SheetUpload, models.CASCADE, verbose_name=_("哪张表"), related_name="file")
    data = models.BinaryField(_("内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("表的文件")

    def __str__(self) -> str:
        return str(self.upload)


class SheetPart(models.Model):
    """Some rows of a sheet, which are checked, written and undone together.

    `rows`: [place, number, sheet, cells…], see portal.ui.sheets.reading.Where. `faults`: [place, number, sheet,
    sentence]. `keys`: [digest, place, number, sheet] of what each row is about, so that rows that come twice are found
    across parts. `changes`: what was written, see centers.sheets.changes; `kept`: what an undo left, as `faults`.
    """

    upload = models.ForeignKey(SheetUpload, models.CASCADE, verbose_name=_("哪张表"), related_name="parts")
    number = models.PositiveIntegerField(_("第几份"))
    rows = models.JSONField(_("行"), default=list)
    faults = models.JSONField(_("有错的行"), default=list)
    keys = models.JSONField(_("说的是谁"), default=list)
    changes = models.JSONField(_("写了什么"), default=list)
    kept = models.JSONField(_("没有撤回的"), default=list)
    bad = models.PositiveIntegerField(_("有几处错"), default=0)
    left = models.PositiveIntegerField(_("有几处没有撤回"), default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("更新"), default=0)
    same = models.PositiveIntegerField(_("不变"), default=0)
    touched = models.PositiveIntegerField(_("碰到的预约"), default=0)
    checked_at = models.DateTimeField(_("查完"), null=True, blank=True)
    written_at = models.DateTimeField(_("写完"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤回完"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("表的一份")
        ordering = ["upload", "number"]
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="a_part_of_a_sheet_is_stored_once")]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"
