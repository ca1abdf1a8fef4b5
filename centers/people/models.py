from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.models.division import Division
from portal.accounts.columns import who, who_if_any
from portal.ui import names, words
from portal.ui.columns import NameKeyField, NumberField, PersonNameField


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

    def search(self, typed: str) -> "ResidentQuerySet":
        """By name, phone number or its last four digits: lists mask the middle ones, which are not compared."""
        if words.digits(typed):
            return self.filter(phone__number_seen=typed)
        return self.filter(name_key__contains=typed)

    def namesakes(self, division: Division, name: str) -> "ResidentQuerySet":
        """Everybody of that name in that village, however it is spelled."""
        return self.filter(division=division, name_key=name).order_by("villager_group", "remark", "pk")


# Neither an erased row, nor one that an older version wrote, nor one that waits to be joined.
_IS_SOMEBODY = ~Q(name_key="") & Q(twin_of__isnull=True)


class Resident(models.Model):
    """Somebody who is served. Several elders may share a phone; identity numbers are not stored.

    A person is a village, a name (compared by its key) and a phone. Who has none is told from others of that name by
    the villagers' group or a remark. `twin_of` is set where two rows are one person and the center has to join them.
    """

    is_new = False  # true for a row that this transaction has inserted, which nobody else sees yet

    # No index of its own: that of the names begins with this column.
    division = models.ForeignKey(
        Division, models.PROTECT, verbose_name=_("村（社区）"), related_name="residents", db_index=False
    )
    name = PersonNameField(_("姓名"))
    name_key = NameKeyField(_("姓名的比较写法"))
    phone = NumberField(_("电话"), blank=True)
    villager_group = models.CharField(_("村民小组（自然村）"), max_length=30, blank=True)
    remark = models.CharField(
        _("怎么分清"),
        max_length=30,
        blank=True,
        default="",
        db_default="",
        help_text=_("同名又没有电话的，写一句分得清的话，例如：东头老李家的。"),
    )
    twin_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name=_("和谁是同一位，等着合并"),
        related_name="twins",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
    )
    groups = models.ManyToManyField(GroupTag, verbose_name=_("人群"), related_name="residents", blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("居民")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "phone", "name_key"],
                condition=_IS_SOMEBODY & ~Q(phone=""),
                name="a_resident_is_listed_once",
                violation_error_message=_("这位居民已经登记过（同村、同名、同电话）。"),
            ),
            models.UniqueConstraint(
                fields=["division", "name_key", "villager_group", "remark"],
                condition=_IS_SOMEBODY & Q(phone=""),
                name="namesakes_without_a_phone_are_told_apart",
                violation_error_message=_("村里已经有一位同名、没有电话的。是另一位的，请写村民小组或一句话分清。"),
            ),
        ]
        indexes = [
            models.Index(fields=["phone"], name="resident_phone"),
            models.Index(fields=["division", "name_key", "phone"], name="resident_who"),
            models.Index(fields=["twin_of"], condition=Q(twin_of__isnull=False), name="resident_twin"),
        ]

    def __str__(self) -> str:
        return self.name

    def validate_constraints(self, exclude=None) -> None:
        """Also those over columns that no form has: the key follows from the name."""
        self.name_key = names.key(self.name)
        super().validate_constraints(exclude=set(exclude or ()) - {"name_key", "twin_of"})

    @property
    def told_apart_by(self) -> str:
        """一组 · 东头老李家的: what tells namesakes apart."""
        return " · ".join(filter(None, [self.villager_group, self.remark]))


class JoinedResident(models.Model):
    """A row of a person who was listed twice, as it was before it was joined to another: what came from where.

    `moved` holds the primary keys of the rows that pointed at it, by model and field, so that it can be undone.
    """

    kept = models.ForeignKey(Resident, models.PROTECT, verbose_name=_("并到"), related_name="joined")
    former_pk = models.BigIntegerField(_("原来的编号"))
    name = models.CharField(_("原来的姓名"), max_length=80, blank=True)
    phone = models.CharField(_("原来的电话"), max_length=40, blank=True)
    villager_group = models.CharField(_("原来的村民小组"), max_length=30, blank=True)
    remark = models.CharField(_("原来的怎么分清"), max_length=30, blank=True, default="", db_default="")
    moved = models.JSONField(_("带过来的"), default=dict)
    at = models.DateTimeField(_("合并时间"), default=timezone.now)
    by = who_if_any(_("谁合并的"))

    class Meta:
        verbose_name = verbose_name_plural = _("合并过的居民")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.former_pk} → {self.kept_id}"


class CorrectedResident(models.Model):
    """What staff put right about a person: the values before and after, and the rows whose number went along.

    `before` and `after` hold name, phone, villager_group and remark; `moved` primary keys by model. One step is undone
    while the person still is as it left them.
    """

    resident = models.ForeignKey(Resident, models.PROTECT, verbose_name=_("居民"), related_name="corrections")
    before = models.JSONField(_("原来的"), default=dict)
    after = models.JSONField(_("改成的"), default=dict)
    moved = models.JSONField(_("跟着改的"), default=dict)
    at = models.DateTimeField(_("更正时间"), default=timezone.now)
    by = who(_("谁更正的"), db_index=False)
    undone_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("更正过的居民")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.resident_id)


class Consent(models.Model):
    """What somebody answered for one purpose, under the words of one version. `ended_at`: they answered anew.

    No row is no answer: then holds what the purpose says (centers.people.consents).
    """

    class Purpose(models.TextChoices):
        REMINDERS = "reminders", _("预约提醒")
        RATINGS = "ratings", _("办完请您评价")
        FAMILY = "family", _("家人替您约")

    user = who(_("谁"), related_name="consents", db_index=False)  # the constraint's index begins with it
    purpose = models.CharField(_("做什么用"), max_length=10, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("说法的版本"))
    agrees = models.BooleanField(_("同意"))
    at = models.DateTimeField(_("什么时候说的"), default=timezone.now)
    ended_at = models.DateTimeField(_("到什么时候"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("同意")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=Q(ended_at__isnull=True),
                name="one_answer_for_a_purpose_stands",
                violation_error_message=_("刚刚已经改过了。请看看现在是怎么样的。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"


class Erasure(models.Model):
    """Somebody asked for their name to be erased: done at once, or when what they kept is over (`erased_at`)."""

    resident = models.ForeignKey(Resident, models.PROTECT, verbose_name=_("居民"), related_name="erasures")
    account = who(_("从哪个账户"), db_index=False)
    asked_at = models.DateTimeField(_("要求时间"), default=timezone.now)
    erased_at = models.DateTimeField(_("清除时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("要求清除的")
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(erased_at__isnull=True), name="erasure_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.resident_id)


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
    agreed_with = who_if_any(_("在谁那里登记的"), db_index=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = who_if_any(_("谁结束的"), db_index=False)

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
