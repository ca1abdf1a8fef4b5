"""A message is a stored row before it is sent: a queue may die, the row does not."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    INBOX = "inbox", _("站内信")
    EMAIL = "email", _("邮件")
    SMS = "sms", _("短信")
    VOICE = "voice", _("语音电话")


class State(models.TextChoices):
    PENDING = "pending", _("等待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已发出")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("发送失败")
    EXPIRED = "expired", _("已过期")
    MISSED = "missed", _("未能通知到")
    WITHDRAWN = "withdrawn", _("已撤回")

    @classmethod
    def final(cls) -> set["State"]:
        return {cls.DELIVERED, cls.FAILED, cls.EXPIRED, cls.MISSED}


class MessageQuerySet(models.QuerySet):
    def due(self, at: datetime | None = None) -> "MessageQuerySet":
        at = at or timezone.now()
        return self.filter(state=State.PENDING, due_at__lte=at).order_by("due_at", "pk")

    def about(self, subject: str) -> "MessageQuerySet":
        return self.filter(subject=subject)

    def for_people(self, people: list[str]) -> "MessageQuerySet":
        """What the inboxes of these people show: all that was said to them, newest first."""
        return self.filter(person__in=people).exclude(state=State.WITHDRAWN).order_by("-due_at", "-pk")


class Message(models.Model):
    """One thing said to one person over one channel at one time.

    `subject` and `person` are opaque keys such as `appointment:12` and `resident:7`: this app
    knows no domain model. `address` is the number or e-mail as it was when the message was planned.
    """

    subject = models.CharField(_("事由"), max_length=60)
    person = models.CharField(_("收件人"), max_length=60)
    kind = models.CharField(_("类别"), max_length=30)
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    due_at = models.DateTimeField(_("应发时间"))
    expires_at = models.DateTimeField(_("过期时间"), null=True, blank=True)
    address = models.CharField(_("号码或邮箱"), max_length=120, blank=True)
    title = models.CharField(_("标题"), max_length=60)
    body = models.TextField(_("内容"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    last_error = models.CharField(_("最近一次错误"), max_length=300, blank=True)
    leased_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("写入时间"), default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("消息")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "person", "kind", "channel", "due_at"],
                name="a_message_is_planned_once",
                violation_error_message=_("这条消息已经安排过了。"),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="message_due"),
            models.Index(fields=["person", "-due_at"], name="message_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}:{self.title}"
