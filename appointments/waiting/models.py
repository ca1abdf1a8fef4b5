"""The waiting list (候补) of fully booked slots."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment, Channel, Party, new_code, new_link
from appointments.catalog.models import ServiceItem
from appointments.slots.models import Slot
from centers.models import Center, Resident
from portal.accounts.columns import who_if_any


class WaitingQuerySet(models.QuerySet):
    def open(self) -> "WaitingQuerySet":
        return self.filter(ended_at__isnull=True)

    def to_look_up(self, at: datetime | None = None) -> "WaitingQuerySet":
        """Whose code is not over: open, or ended within a day."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=(at or timezone.now()) - timedelta(days=1)))

    def waiting(self) -> "WaitingQuerySet":
        """Without a current offer."""
        return self.open().filter(offered_at__isnull=True)

    def offered(self) -> "WaitingQuerySet":
        return self.open().filter(offered_at__isnull=False)

    def for_pages(self) -> "WaitingQuerySet":
        """With the related rows that pages and messages read."""
        return self.select_related("center__division", "resident", "item", "slot", "appointment")

    def with_position(self) -> "WaitingQuerySet":
        """`position` from 1: counts every open entry of the slot that joined earlier, whatever its item."""
        earlier = Q(joined_at__lt=OuterRef("joined_at")) | Q(joined_at=OuterRef("joined_at"), pk__lt=OuterRef("pk"))
        ahead = WaitingEntry.objects.open().filter(earlier, slot=OuterRef("slot")).order_by()
        number = Subquery(ahead.annotate(all=Value(1)).values("all").annotate(number=Count("pk")).values("number"))
        return self.annotate(position=Coalesce(number, 0) + 1)


class WaitingEntry(Party):
    """One person's entry in the waiting list of a slot: first come, first offered; it ends once, with an outcome."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("约上了")
        DECLINED = "declined", _("说不要了")
        LAPSED = "lapsed", _("没有回话")  # the offer expired
        LEFT = "left", _("不等了")
        OVER = "over", _("没有等到")  # no offer before it was too late to book
        CLOSED = "closed", _("停开了")  # the slot was closed

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="waiting_entries")
    slot = models.ForeignKey(Slot, models.PROTECT, verbose_name=_("想要的时间"), related_name="waiting_entries")
    item = models.ForeignKey(ServiceItem, models.PROTECT, verbose_name=_("事项"), related_name="+")
    resident = models.ForeignKey(Resident, models.PROTECT, verbose_name=_("居民"), related_name="waiting_entries")
    code = models.CharField(_("候补码"), max_length=6, default=new_code)
    link = models.CharField(_("候补链接"), max_length=30, default=new_link, unique=True)
    key = models.CharField(_("防重复键"), max_length=64, unique=True)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    joined_at = models.DateTimeField(_("开始候补"), default=timezone.now)
    joined_by = who_if_any(_("登记人"))
    offered_at = models.DateTimeField(_("轮到的时间"), null=True, blank=True)
    offer_ends_at = models.DateTimeField(_("留到几点"), null=True, blank=True)
    offer_withdrawn_at = models.DateTimeField(
        _("位子收回的时间"), null=True, blank=True, help_text=_("办这件事的人不在了，不算没有回话，还排在原来的位置")
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, blank=True)
    ended_by = who_if_any(_("谁登记的结果"))
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, verbose_name=_("约上的预约"), related_name="+", null=True, blank=True
    )

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("候补")
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "resident"],
                condition=Q(ended_at__isnull=True),
                name="one_person_waits_once_for_a_time",
                violation_error_message=_("这位居民已经在候补这个时间了。"),
            ),
            models.CheckConstraint(
                condition=Q(offered_at__isnull=True, offer_ends_at__isnull=True)
                | Q(offered_at__isnull=False, offer_ends_at__gt=F("offered_at")),
                name="an_offer_has_a_beginning_and_an_end",
                violation_error_message=_("轮到的时间和留到几点要一起记下。"),
            ),
            models.CheckConstraint(
                condition=Q(offer_withdrawn_at__isnull=True)
                | Q(offered_at__isnull=True)
                | Q(offered_at__gte=F("offer_withdrawn_at")),
                name="what_was_withdrawn_is_not_offered_still",
                violation_error_message=_("位子收回了，就不能还算留着；要再问，得重新轮到。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="waiting_ends_with_an_outcome_and_a_time",
                violation_error_message=_("候补结束要同时记下结果和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=True) | Q(outcome="accepted"),
                name="only_who_accepts_gets_the_appointment",
                violation_error_message=_("答应了的候补才有预约。"),
            ),
            models.CheckConstraint(
                condition=Q(party_size__gte=1),
                name="a_waiting_party_has_somebody_in_it",
                violation_error_message=_("至少要有一个人。"),
            ),
        ]
        indexes = [
            models.Index(fields=["center", "joined_at"], condition=Q(ended_at__isnull=True), name="waiting_line"),
            models.Index(fields=["offer_ends_at"], condition=Q(ended_at__isnull=True), name="waiting_offers"),
            models.Index(fields=["phone", "code"], name="waiting_lookup"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.item}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    def is_offered(self, at: datetime | None = None) -> bool:
        """A place is held for them and the offer has not expired."""
        return self.is_open and self.offer_ends_at is not None and (at or timezone.now()) < self.offer_ends_at
