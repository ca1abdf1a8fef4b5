"""Bookable time in half-hour slots, the places occupied in them, holds, and who handles which item."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.models import Center, Resident, Staff


class SlotQuerySet(models.QuerySet):
    def within(self, code: str) -> "SlotQuerySet":
        return self.filter(center__division__code__range=codes.span(code))

    def between(self, start: datetime, end: datetime) -> "SlotQuerySet":
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def open(self) -> "SlotQuerySet":
        return self.filter(closed_at__isnull=True)


class Slot(models.Model):
    """Invariant 1: active bookings never exceed capacity, counted separately for the online and the desk pool.

    The counters are denormalized: raised by conditional UPDATE and limited by the check constraints below. The rows
    behind them are `Place` and `Hold`; `check_invariants` compares both.
    """

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="slots")
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    online_places = models.PositiveSmallIntegerField(_("网上名额"))
    desk_places = models.PositiveSmallIntegerField(_("现场保留名额"))
    online_taken = models.PositiveSmallIntegerField(_("网上已约"), default=0)
    desk_taken = models.PositiveSmallIntegerField(_("现场已约"), default=0)
    closed_at = models.DateTimeField(_("停约时间"), null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("可约时间")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "starts_at"],
                name="a_center_has_one_slot_per_time",
                violation_error_message=_("这个时间已经开放过了。"),
            ),
            models.CheckConstraint(
                condition=Q(online_taken__gte=0) & Q(online_taken__lte=F("online_places")),
                name="online_bookings_stay_within_places",
                violation_error_message=_("这个时间的网上名额已经约满。"),
            ),
            models.CheckConstraint(
                condition=Q(desk_taken__gte=0) & Q(desk_taken__lte=F("desk_places")),
                name="desk_bookings_stay_within_places",
                violation_error_message=_("这个时间的现场名额已经用完。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="a_slot_ends_after_it_starts",
                violation_error_message=_("结束时间要晚于开始时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.center_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def taken(self) -> int:
        """Places of both pools that are occupied or held."""
        return self.online_taken + self.desk_taken

    @property
    def online_free(self) -> int:
        return 0 if self.closed_at else self.online_places - self.online_taken

    @property
    def desk_free(self) -> int:
        return 0 if self.closed_at else self.desk_places - self.desk_taken


class Place(models.Model):
    """A place in one slot, occupied by an appointment. An item longer than a slot occupies several consecutive slots.

    Invariant 4: one person has at most one active place per slot. Released rows are kept (soft delete).
    """

    class Pool(models.TextChoices):
        ONLINE = "online", _("网上名额")
        DESK = "desk", _("现场保留名额")

    # No index on `slot` and `resident`: the unique index of the constraint below serves those queries.
    slot = models.ForeignKey(Slot, models.PROTECT, verbose_name=_("时间"), related_name="places", db_index=False)
    appointment = models.ForeignKey(
        "appointments.Appointment", models.PROTECT, verbose_name=_("预约"), related_name="places"
    )
    resident = models.ForeignKey(Resident, models.PROTECT, verbose_name=_("居民"), related_name="+", db_index=False)
    pool = models.CharField(_("名额"), max_length=6, choices=Pool)
    size = models.PositiveSmallIntegerField(_("占几个"), default=1)
    released_at = models.DateTimeField(_("让出时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("占用的名额")
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "resident"],
                condition=Q(released_at__isnull=True),
                name="one_person_holds_one_place_per_slot",
                violation_error_message=_("这位居民在这个时间已经有预约了。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}/{self.appointment_id}"


class Hold(models.Model):
    """Places that a slot's counter still counts, reserved without a booking.

    With `entry`: reserved for an offer to that waiting-list entry. Without: in a random cooldown, so that nobody
    can arrange who gets a cancelled place. A hold ends once: accepted, offered to the next person, or given back.
    """

    slot = models.ForeignKey(Slot, models.PROTECT, verbose_name=_("时间"), related_name="holds")
    pool = models.CharField(_("名额"), max_length=6, choices=Place.Pool)
    size = models.PositiveSmallIntegerField(_("占几个"), default=1)
    entry = models.ForeignKey(
        "appointments.WaitingEntry",
        models.PROTECT,
        verbose_name=_("留给谁"),
        related_name="holds",
        null=True,
        blank=True,
    )
    made_at = models.DateTimeField(_("空出时间"), default=timezone.now)
    until = models.DateTimeField(_("留到几点"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("留着的名额")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1),
                name="a_hold_holds_something",
                violation_error_message=_("至少要留一个名额。"),
            ),
            models.UniqueConstraint(
                fields=["slot", "entry"],
                condition=Q(ended_at__isnull=True, entry__isnull=False),
                name="an_offer_holds_a_time_once",
                violation_error_message=_("这个时间已经留给这位居民了。"),
            ),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at__isnull=True), name="hold_open")]

    def __str__(self) -> str:
        return f"{self.slot_id}/{self.entry_id or '-'}"


class ItemAgentQuerySet(models.QuerySet):
    def current(self) -> "ItemAgentQuerySet":
        return self.filter(ended_at__isnull=True)


class ItemAgent(models.Model):
    """A staff member handles an item, first (A岗) or as backup (B岗). An item without agents is handled by everybody.

    Refers to the item's code, so that the agents stay when a new version of the item comes.
    """

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="item_agents")
    item_code = models.SlugField(_("事项编码"), max_length=20)
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("谁办"), related_name="items")
    is_backup = models.BooleanField(_("B岗"), default=False)
    since = models.DateTimeField(_("从什么时候"), default=timezone.now)
    ended_at = models.DateTimeField(_("到什么时候"), null=True, blank=True)

    objects = ItemAgentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("事项经办人")
        ordering = ["center", "item_code", "is_backup", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "item_code"],
                condition=Q(ended_at__isnull=True),
                name="a_person_is_named_once_for_an_item",
                violation_error_message=_("这个人已经在办这件事了。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_code} {self.staff}"


class SlotGap(models.Model):
    """An unstaffed slot: nobody on duty handles this item then. Generated with the slots from rosters and leave.

    `center` is denormalized, so that availability filters by center in one query.
    """

    center = models.ForeignKey(Center, models.CASCADE, verbose_name=_("中心"), related_name="+", db_index=False)
    slot = models.ForeignKey(Slot, models.CASCADE, verbose_name=_("时间"), related_name="gaps")
    item_code = models.SlugField(_("事项编码"), max_length=20, db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = _("没人办的时间")
        constraints = [
            models.UniqueConstraint(fields=["slot", "item_code"], name="a_gap_of_a_slot_is_listed_once"),
        ]
        indexes = [models.Index(fields=["center", "item_code"], name="gap_of_center")]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.item_code}"
