"""Tickets of the day (叫号), one for each person who came. Each event is stored as a timestamp on the row."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.booking.models import Appointment, Channel, new_link
from appointments.catalog.models import ServiceItem
from centers.models import Center
from centers.rules.reading import value
from portal.accounts.columns import who_if_any

LAST_WINDOW = 20


class Priority(models.TextChoices):
    """Who is called first, where the center's rules enable it (QUEUE_PRIORITIES)."""

    NONE = "", _("不优先")
    ELDER = "elder", _("75岁以上")
    DISABLED = "disabled", _("残疾人")
    INFANT = "infant", _("带婴儿")

    @classmethod
    def enabled(cls, center: int) -> list["Priority"]:
        """The priorities that a center, by its id, has enabled, in order."""
        here = value("QUEUE_PRIORITIES", center)
        return [kind for kind in cls if kind and kind in here]

    @classmethod
    def enabled_labels(cls, center: int) -> str:
        """Their labels joined for a sentence; empty when none is enabled."""
        return str(_("、")).join(str(kind.label) for kind in cls.enabled(center))


class State(models.TextChoices):
    """State of a person on the desk's board, booked or walk-in. Derived from the timestamps, never stored.

    The values equal those of booking.models.Status where both mean the same.
    """

    EXPECTED = "booked", _("还没来")
    WAITING = "arrived", _("等候")
    CALLED = "called", _("在办")
    DONE = "served", _("已办")
    MISSED = "missed", _("未到")
    GONE = "cancelled", _("已取消")


class QueueDay(models.Model):
    """The ticket counter of a center's day: incremented by one UPDATE, so that no number is issued twice."""

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="queue_days")
    day = models.DateField(_("日期"))
    last_number = models.PositiveIntegerField(_("发到几号"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("每天发的号")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "day"],
                name="a_center_counts_its_day_once",
                violation_error_message=_("这一天的号已经开始发了。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.center_id} {self.day} {self.last_number}"


class TicketQuerySet(models.QuerySet):
    def of_day(self, center: Center, day: date) -> "TicketQuerySet":
        return self.filter(center=center, day=day)

    def open(self) -> "TicketQuerySet":
        """Waiting or at a window."""
        return self.filter(done_at__isnull=True, missed_at__isnull=True, left_at__isnull=True)

    def waiting(self) -> "TicketQuerySet":
        return self.open().filter(called_at__isnull=True)

    def called(self) -> "TicketQuerySet":
        return self.open().filter(called_at__isnull=False)

    def of_walk_ins(self) -> "TicketQuerySet":
        """Tickets without a booking."""
        return self.filter(Q(appointment__isnull=True) | Q(appointment__channel=Channel.WALK_IN))

    def for_pages(self) -> "TicketQuerySet":
        return self.select_related("center__division", "item", "appointment__resident", "appointment__item")


class Ticket(models.Model):
    """A ticket of somebody who is present. Walk-ins stay anonymous until they are identified.

    `waits_from` is when the ticket joined the queue: when it was issued, or when its holder came back after missing the
    call. `called_at` is the latest call.
    """

    center = models.ForeignKey(Center, models.PROTECT, verbose_name=_("中心"), related_name="tickets")
    day = models.DateField(_("日期"))
    number = models.PositiveIntegerField(_("号码"))
    link = models.CharField(_("号票链接"), max_length=30, default=new_link, unique=True)
    key = models.CharField(_("防重复键"), max_length=64, unique=True)
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, verbose_name=_("预约"), related_name="ticket", null=True, blank=True
    )
    item = models.ForeignKey(
        ServiceItem, models.PROTECT, verbose_name=_("事项"), related_name="+", null=True, blank=True
    )
    priority = models.CharField(_("优先"), max_length=10, choices=Priority, blank=True, default=Priority.NONE)
    taken_at = models.DateTimeField(_("取号时间"), default=timezone.now)
    taken_by = who_if_any(_("发号人"))
    waits_from = models.DateTimeField(_("从什么时候等起"), default=timezone.now)
    called_at = models.DateTimeField(_("叫号时间"), null=True, blank=True)
    called_times = models.PositiveSmallIntegerField(_("叫了几次"), default=0)
    called_by = who_if_any(_("叫号人"))
    window = models.PositiveSmallIntegerField(_("窗口"), null=True, blank=True)
    done_at = models.DateTimeField(_("办完时间"), null=True, blank=True)
    done_by = who_if_any(_("办理人"))
    missed_at = models.DateTimeField(_("叫了没到的时间"), null=True, blank=True)
    missed_by = who_if_any(_("标记人"))
    left_at = models.DateTimeField(_("不等了的时间"), null=True, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("号票")
        ordering = ["day", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["center", "day", "number"],
                name="a_number_is_given_once_a_day",
                violation_error_message=_("这个号今天已经发过了。"),
            ),
            models.UniqueConstraint(
                fields=["center", "day", "window"],
                condition=Q(
                    called_at__isnull=False, done_at__isnull=True, missed_at__isnull=True, left_at__isnull=True
                ),
                name="a_window_has_one_person_at_a_time",
                violation_error_message=_("这个窗口还有人在办。先把这一位办好，再叫下一位。"),
            ),
            models.CheckConstraint(
                condition=Q(called_at__isnull=True, called_by__isnull=True, window__isnull=True)
                | Q(called_at__isnull=False, called_by__isnull=False, window__range=(1, LAST_WINDOW)),
                name="a_call_has_a_person_and_a_window",
                violation_error_message=_("叫号要同时记下谁叫的和几号窗口。"),
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="a_number_is_done_by_somebody",
                violation_error_message=_("办完要同时记下谁办的和什么时候。"),
            ),
            models.CheckConstraint(
                condition=Q(missed_at__isnull=True, missed_by__isnull=True)
                | Q(missed_at__isnull=False, missed_by__isnull=False),
                name="an_absence_is_marked_by_somebody",
                violation_error_message=_("标记没到要同时记下谁标的和什么时候。"),
            ),
            models.CheckConstraint(
                condition=Q(missed_at__isnull=True, left_at__isnull=True)
                | Q(done_at__isnull=True, left_at__isnull=True)
                | Q(done_at__isnull=True, missed_at__isnull=True),
                name="a_number_ends_in_one_way",
                violation_error_message=_("一个号只能是办完、没到、不等了里的一种。"),
            ),
        ]
        indexes = [models.Index(fields=["center", "day", "called_at"], name="ticket_calls")]

    def __str__(self) -> str:
        return f"{self.number} {self.day}"

    @property
    def is_walk_in(self) -> bool:
        return self.appointment is None or self.appointment.channel == Channel.WALK_IN

    @property
    def matter(self) -> ServiceItem | None:
        """The item they came for, if known."""
        return self.appointment.item if self.appointment else self.item

    @property
    def state(self) -> State:
        if self.left_at:
            return State.GONE
        if self.missed_at:
            return State.MISSED
        if self.done_at:
            return State.DONE
        return State.CALLED if self.called_at else State.WAITING

    @property
    def is_open(self) -> bool:
        return self.state in (State.WAITING, State.CALLED)

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING

    @property
    def is_called(self) -> bool:
        return self.state == State.CALLED

    def minutes_waited(self, at: datetime | None = None) -> int:
        until = self.called_at or self.done_at or at or timezone.now()
        return max(0, int((until - self.waits_from).total_seconds() // 60))
