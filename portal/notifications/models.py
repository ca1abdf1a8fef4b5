"""Messages (transactional outbox): stored with the change that causes them, worded and sent later, at least once."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.accounts.columns import who_if_any
from portal.notifications import keys


class Channel(models.TextChoices):
    INBOX = "inbox", _("站内信")
    SMS = "sms", _("短信")
    VOICE = "voice", _("语音电话")


class State(models.TextChoices):
    """pending → sending (leased) → sent → delivered; back to pending after a transient failure.

    What no provider can send is `to_call` from the start, and staff make the call: → called. Undelivered messages can
    be sent again or called; a call can be undone; no other transition leaves a final state. Inbox messages are never
    sent: they are `listed` from the start and shown between `due_at` and `expires_at`.
    """

    PENDING = "pending", _("等待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已发出")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("发送失败")  # permanent failure, or too many attempts
    EXPIRED = "expired", _("已过期")  # expired before the first attempt
    MISSED = "missed", _("未能通知到")  # expired after failed attempts
    PARKED = "parked", _("已搁置")  # dead letter: repeatedly crashed the sender, needs manual attention
    WITHDRAWN = "withdrawn", _("已撤回")  # no longer true before it was sent; pending again if it is planned anew
    REPLACED = "replaced", _("由后来的代替")  # another unsent message about the same thing says what holds
    TO_CALL = "to_call", _("要打电话")
    CALLED = "called", _("已打电话")
    LISTED = "listed", _("到时间就能看到")

    @classmethod
    def unsent(cls) -> set["State"]:
        """A provider does not have it yet, or may not."""
        return {cls.PENDING, cls.SENDING}

    @classmethod
    def by_phone(cls) -> set["State"]:
        """Staff read it out, or have done so."""
        return {cls.TO_CALL, cls.CALLED}

    @classmethod
    def undelivered(cls) -> set["State"]:
        """Final states in which the person was not reached: send again or call."""
        return {cls.FAILED, cls.EXPIRED, cls.MISSED, cls.PARKED}


# Sorted: a set's order changes between runs, and makemigrations would see a changed index.
_UNSETTLED = sorted({State.TO_CALL, State.CALLED} | State.unsent() | State.undelivered())


class MessageQuerySet(models.QuerySet):
    def due(self, at: datetime | None = None) -> "MessageQuerySet":
        """Pending, due and not expired; longest waiting first."""
        at = at or timezone.now()
        alive = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        return self.filter(alive, state=State.PENDING, ready_at__lte=at).order_by("ready_at", "pk")

    def unsettled(self) -> "MessageQuerySet":
        """Not sent, to be called, or called: listed on the delivery board. Uses the partial index of the same name."""
        return self.filter(state__in=_UNSETTLED)

    def about(self, subject: str) -> "MessageQuerySet":
        return self.filter(subject=subject)

    def for_people(self, people: list[str]) -> "MessageQuerySet":
        """All messages to these people except cancelled ones, newest first: their inboxes."""
        return self.filter(person__in=people).exclude(state=State.WITHDRAWN).order_by("-due_at", "-pk")


class Message(models.Model):
    """One message to one person over one channel.

    `subject` and `person` are opaque keys such as `appointment:12` and `resident:7`: this app knows no domain model.
    Identity: these, `kind`, `channel`, `occasion` and `number`. `due_at` is no part of it, because quiet hours and
    settings move it. `address` is the phone number at planning time. `title` and `body` are empty until the message is
    handed over (services/wording.py); retries, scheduled in `next_try_at`, say the same.
    """

    subject = models.CharField(_("事由"), max_length=60)
    person = models.CharField(_("收件人"), max_length=60)
    kind = models.CharField(_("类别"), max_length=30)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    # Null only in rows of releases before it existed.
    occasion = models.DateTimeField(
        _("什么时候的事"), null=True, blank=True, help_text=_("来办事的时间；和来办事无关的，是事情发生的时间")
    )
    number = models.PositiveSmallIntegerField(
        _("第几次"), default=0, db_default=0, help_text=_("第几次提醒，第几次改时间")
    )
    due_at = models.DateTimeField(_("应发时间"))
    expires_at = models.DateTimeField(_("过期时间"), null=True, blank=True)
    address = models.CharField(_("号码"), max_length=120, blank=True)
    detail = models.CharField(
        _("要说的细节"), max_length=120, blank=True, default="", db_default="", help_text=_("别处查不到的，例如谁来代")
    )
    title = models.CharField(_("标题"), max_length=60, blank=True)
    body = models.TextField(_("内容"), blank=True)
    is_urgent = models.BooleanField(_("夜里也发"), default=False)
    needs_call = models.BooleanField(
        _("发不了就打电话"), default=False, db_default=False, help_text=_("只有这条消息能告诉本人")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    last_error = models.CharField(_("最近一次错误"), max_length=300, blank=True)
    next_try_at = models.DateTimeField(_("下次发送"), null=True, blank=True)
    # Generated column, so that the index of due messages needs one column.
    ready_at = models.GeneratedField(
        expression=Coalesce("next_try_at", "due_at"), output_field=models.DateTimeField(), db_persist=True
    )
    strikes = models.PositiveSmallIntegerField(_("发送程序出错次数"), default=0)
    resends = models.PositiveSmallIntegerField(_("人工重发次数"), default=0)
    leased_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    lease = models.CharField(_("占用凭据"), max_length=32, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    calls = models.PositiveSmallIntegerField(_("没打通的次数"), default=0, db_default=0)
    called_at = models.DateTimeField(_("打电话时间"), null=True, blank=True)
    called_by = who_if_any(_("谁打的电话"), db_index=False)
    created_at = models.DateTimeField(_("写入时间"), default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "person", "kind", "channel", "occasion", "number"],
                name="a_message_is_planned_once",
                violation_error_message=_("这条消息已经安排过了。"),
            ),
            models.CheckConstraint(
                condition=Q(state="called", called_at__isnull=False, called_by__isnull=False)
                | (~Q(state="called") & Q(called_at__isnull=True, called_by__isnull=True)),
                name="a_call_has_a_caller_and_a_time",
                violation_error_message=_("打电话告知要同时记下谁打的和什么时候。"),
            ),
            models.CheckConstraint(
                condition=Q(channel="inbox", state__in=["listed", "withdrawn"])
                | (~Q(channel="inbox") & ~Q(state="listed")),
                name="what_stands_in_the_inbox_waits_for_no_sender",
                violation_error_message=_("站内信到时间就能看到，不用发送。"),
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "ready_at"], condition=Q(state="pending"), name="message_ready"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="message_leased"),
            models.Index(fields=["due_at"], condition=Q(state__in=_UNSETTLED), name="message_unsettled"),
            models.Index(fields=["person", "-due_at"], name="message_inbox"),
            models.Index(fields=["called_by"], condition=Q(called_by__isnull=False), name="message_called_by"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}:{self.title or self.kind}"

    @property
    def heading(self) -> str:
        """The title that it was sent with, or will have."""
        path = settings.MESSAGE_SUBJECTS.get(keys.parsed(self.subject)[0])
        return self.title or (str(import_string(path).titles.get(self.kind, self.kind)) if path else self.kind)

    @property
    def idempotency_key(self) -> str:
        """Sent to the provider, so that it drops repeats. Changes when staff send again, and per database."""
        return f"{self.pk}-{self.created_at:%Y%m%d%H%M%S}-{self.resends}"


class Beat(models.Model):
    """Heartbeat: when a job of settings.UPKEEP last succeeded, for /readyz and /metrics."""

    name = models.CharField(_("工作"), max_length=60, unique=True)
    at = models.DateTimeField(_("最近一次完成"))

    class Meta:
        verbose_name = verbose_name_plural = _("后台工作")

    def __str__(self) -> str:
        return self.name
