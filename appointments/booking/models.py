"""An appointment (预约). Nothing is deleted: each event is stored as a timestamp on the row."""

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.catalog.models import ServiceItem
from centers import codes
from centers.models import Center, FamilyLink, Resident
from centers.rules.reading import value
from portal import locking
from portal.accounts.columns import who_if_any
from portal.ui.columns import NumberField, PersonNameField
from portal.ui.days import of_day

CODES = 900_000


def new_code() -> str:
    """Six digits that can be read over the phone; never starts with 0, which gets lost when written down."""
    return str(100_000 + secrets.randbelow(CODES))


def new_link() -> str:
    return secrets.token_urlsafe(16)


# Our default: people with this many recent no-shows are called before their appointment. Nobody is blocked.
MISSES_WITHIN, CALL_AFTER = timedelta(days=90), 2


class Channel(models.TextChoices):
    ONLINE = "online", _("网上")
    PHONE = "phone", _("电话")
    DESK = "desk", _("现场")
    WALK_IN = "walk_in", _("现场取号")
    API = "api", _("其他系统")

    @classmethod
    def by_staff(cls) -> set["Channel"]:
        return {cls.PHONE, cls.DESK, cls.WALK_IN}


class Status(models.TextChoices):
    """Derived from the timestamps, never stored."""

    BOOKED = "booked", _("已约好")
    ARRIVED = "arrived", _("已到")
    SERVED = "served", _("已办")
    MISSED = "missed", _("未到")
    CANCELLED = "cancelled", _("已取消")

    @classmethod
    def active(cls) -> set["Status"]:
        return {cls.BOOKED, cls.ARRIVED, cls.SERVED}


def same_person(resident, phone) -> Q:
    """Rows of that person, or of anybody with their number: elders share one. No number is shared by nobody."""
    return Q(resident=resident) | Q(~Q(phone=""), phone=phone)


class AppointmentQuerySet(models.QuerySet):
    def settled_at(self, center: Center) -> "AppointmentQuerySet":
        """Of the center, and of those that were merged into it."""
        return self.filter(Q(center=center) | Q(center__leads_to=center))

    def within(self, code: str) -> "AppointmentQuerySet":
        return self.filter(center__division__code__range=codes.span(code))

    def between(self, start: datetime, end: datetime) -> "AppointmentQuerySet":
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def on_day(self, day) -> "AppointmentQuerySet":
        return self.between(*of_day(day))

    def active(self) -> "AppointmentQuerySet":
        return self.filter(cancelled_at__isnull=True, missed_at__isnull=True)

    def booked_ahead(self) -> "AppointmentQuerySet":
        """Without walk-ins, who occupy no place."""
        return self.exclude(channel=Channel.WALK_IN)

    def with_status(self, status: Status) -> "AppointmentQuerySet":
        return self.filter(**_STATUS_FILTERS[status])

    def for_pages(self) -> "AppointmentQuerySet":
        return self.select_related("center__division", "resident", "item")

    def with_misses(self, at: datetime | None = None) -> "AppointmentQuerySet":
        """`missed_lately`: how many `missed_lately` there are of the same person, or the same number."""
        lately = Appointment.objects.missed_lately(OuterRef("resident"), OuterRef("phone"), at).order_by()
        counted = lately.annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number")
        return self.annotate(missed_lately=Coalesce(Subquery(counted), 0))

    def missed_lately(self, resident, phone, at: datetime | None = None) -> "AppointmentQuerySet":
        """To which that person, or somebody with that number, has not come within the last ninety days.

        Walk-ins who missed their call are not counted: they had come.
        """
        since = (at or timezone.now()) - MISSES_WITHIN
        return self.booked_ahead().filter(same_person(resident, phone), missed_at__gte=since)

    def locked(self, pk: int) -> "Appointment":
        """The current row, locked until the commit, so that decisions on it cannot be raced."""
        return locking.locked(self.for_pages(), pk)


_STATUS_FILTERS = {
    Status.CANCELLED: {"cancelled_at__isnull": False},
    Status.MISSED: {"cancelled_at__isnull": True, "missed_at__isnull": False},
    Status.SERVED: {"served_at__isnull": False},
    Status.ARRIVED: {
        "arrived_at__isnull": False,
        "served_at__isnull": True,
        "missed_at__isnull": True,
        "cancelled_at__isnull": True,
    },
    Status.BOOKED: {
        "arrived_at__isnull": True,
        "served_at__isnull": True,
        "missed_at__isnull": True,
        "cancelled_at__isnull": True,
    },
}


class Party(models.Model):
    """How many come, who is told, and who asked if it was somebody else."""

    party_size = models.PositiveSmallIntegerField(_("人数"), default=1)
    phone = NumberField(_("联系电话"), blank=True)
    contact_name = PersonNameField(_("替约人"), blank=True)
    relation = models.CharField(
        _("替约人是本人的"), max_length=10, choices=FamilyLink.Relation, default=FamilyLink.Relation.SELF
    )
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        abstract = True


class Appointment(Party):
    rating_prefix = ""  # in a token to rate with
    is_repeat = False  # true for what booking was asked for once more, and had made before

    center = models.ForeignKey(
        Center, models.PROTECT, verbose_name=_("中心"), related_name="appointments", db_index=False
    )
    item = models.ForeignKey(
        ServiceItem, models.PROTECT, verbose_name=_("事项"), related_name="appointments", db_index=False
    )
    resident = models.ForeignKey(Resident, models.PROTECT, verbose_name=_("居民"), related_name="appointments")
    starts_at = models.DateTimeField(_("时间"))
    ends_at = models.DateTimeField(_("结束"))
    code = models.CharField(_("预约码"), max_length=6, default=new_code)
    link = models.CharField(_("预约单链接"), max_length=30, default=new_link)
    key = models.CharField(_("防重复键"), max_length=64)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    booked_by = who_if_any(_("登记人"), db_index=False)
    booked_at = models.DateTimeField(_("预约时间"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("确认会来"), null=True, blank=True)
    confirmed_by = who_if_any(_("谁打的确认电话"), db_index=False)
    arrived_at = models.DateTimeField(_("到达时间"), null=True, blank=True)
    served_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    served_by = who_if_any(_("办理人"), db_index=False)
    rated_at = models.DateTimeField(_("评价时间"), null=True, blank=True)
    missed_at = models.DateTimeField(_("标记未到时间"), null=True, blank=True)
    missed_by = who_if_any(_("标记人"), db_index=False)
    late_at = models.DateTimeField(_("来晚了、不占名额的时间"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    cancelled_by = models.CharField(
        _("谁取消的"), max_length=10, blank=True, choices=[("villager", _("群众")), ("center", _("中心"))]
    )
    cancel_typed_by = who_if_any(_("取消登记人"), db_index=False)
    cancel_reason = models.CharField(_("取消原因"), max_length=120, blank=True)
    is_late_cancellation = models.BooleanField(_("临近才取消"), default=False)
    move_count = models.PositiveSmallIntegerField(_("改期次数"), default=0)
    # Null also for what was moved before the column existed.
    moved_at = models.DateTimeField(_("最近一次改期"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("预约")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "code"],
                name="an_appointment_code_is_used_once_in_a_center",
                violation_error_message=_("预约码重复了，请再试一次。"),
            ),
            models.UniqueConstraint(
                fields=["link"],
                name="an_appointment_has_its_own_link",
                violation_error_message=_("预约单的链接重复了，请再试一次。"),
            ),
            models.UniqueConstraint(
                fields=["key"],
                name="a_form_books_once",
                violation_error_message=_("这张表已经用过了。请从头再约一次。"),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_by="")),
                name="a_cancellation_has_a_person_and_a_time",
                violation_error_message=_("取消要同时记下谁取消和什么时候。"),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(served_at__isnull=True, missed_at__isnull=True),
                name="a_cancelled_appointment_is_neither_served_nor_missed",
                violation_error_message=_("已取消的预约不能再办理或标记未到。"),
            ),
            models.CheckConstraint(
                condition=Q(missed_at__isnull=True) | Q(served_at__isnull=True),
                name="a_missed_appointment_is_not_served",
                violation_error_message=_("标记未到的预约要先撤回标记，才能办理。"),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(confirmed_at__isnull=False),
                name="a_confirmation_by_telephone_has_a_time",
                violation_error_message=_("打电话确认的要记下什么时候。"),
            ),
            models.CheckConstraint(
                condition=Q(party_size__gte=1),
                name="a_party_has_somebody_in_it",
                violation_error_message=_("至少要有一个人。"),
            ),
        ]
        indexes = [
            models.Index(fields=["center", "starts_at"], name="appointment_day"),
            models.Index(fields=["phone", "code"], name="appointment_lookup"),
            # Partial indexes: these columns are mostly NULL, and every index slows down every booking.
            *[
                models.Index(fields=[who], condition=Q(**{f"{who}__isnull": False}), name=f"appointment_{who}")
                for who in ("booked_by", "confirmed_by", "served_by", "missed_by", "cancel_typed_by")
            ],
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.item}"

    @property
    def status(self) -> Status:
        if self.cancelled_at:
            return Status.CANCELLED
        if self.missed_at:
            return Status.MISSED
        if self.served_at:
            return Status.SERVED
        return Status.ARRIVED if self.arrived_at else Status.BOOKED

    @property
    def needs_a_call(self) -> bool:
        """Whether staff should call the person to confirm; needs a queryset `with_misses`."""
        missed = getattr(self, "missed_lately", 0)
        return missed >= CALL_AFTER and self.confirmed_at is None and self.status == Status.BOOKED

    @property
    def place(self) -> Center:
        """Where to go and whom to call: of a booking that stands, the center into which its own was merged."""
        return self.center.present if self.status == Status.BOOKED else self.center

    def can_be_changed(self, at: datetime | None = None) -> bool:
        """A villager may cancel or move until the start; after the cutoff a cancellation counts as late."""
        return self.status == Status.BOOKED and (at or timezone.now()) < self.starts_at

    def is_past_cutoff(self, at: datetime | None = None) -> bool:
        return (at or timezone.now()) > self.starts_at - timedelta(minutes=self.cutoff_minutes(at))

    def cutoff_minutes(self, at: datetime | None = None) -> int:
        """By the rule of the day on which it is cancelled."""
        return value("BOOKING_CANCEL_CUTOFF_MINUTES", self.center_id, timezone.localdate(at))


class LinkUse(models.Model):
    """A link from a message that has been used. The unique key makes every link single-use."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("说会来")
        CANCELLED = "cancelled", _("取消了")

    appointment = models.ForeignKey(Appointment, models.PROTECT, verbose_name=_("预约"), related_name="link_uses")
    key = models.CharField(_("链接"), max_length=40)
    did = models.CharField(_("做了什么"), max_length=10, choices=Answer)
    used_at = models.DateTimeField(_("使用时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("用过的链接")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "key"],
                name="a_link_is_used_once",
                violation_error_message=_("这个链接已经用过了。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.get_did_display()}"


class KeptBooking(models.Model):
    """A displaced booking that is kept on purpose (照常办): who decided it, when and how. Holds for that time only."""

    class How(models.TextChoices):
        OPENED = "opened", _("有人专门来开门")
        HOME = "home", _("上门去办")
        ELSEWHERE = "elsewhere", _("换个地方办")
        AGREED = "agreed", _("和本人说好了")

    appointment = models.ForeignKey(Appointment, models.PROTECT, verbose_name=_("预约"), related_name="kept")
    starts_at = models.DateTimeField(_("约的时间"))
    at = models.DateTimeField(_("决定时间"), default=timezone.now)
    by = who_if_any(_("谁决定的"))
    how = models.CharField(_("怎么办"), max_length=10, choices=How)

    class Meta:
        verbose_name = verbose_name_plural = _("照常办的预约")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "starts_at"],
                name="a_displaced_booking_is_kept_once",
                violation_error_message=_("这个预约已经定了照常办。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} {self.starts_at:%Y-%m-%d %H:%M}"
