"""Storing messages to be sent, and cancelling them."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.celery import wake
from portal.notifications.models import Channel, Message, State
from portal.notifications.new_message import NewMessage
from portal.notifications.services.leases import LOGIN_CODE
from portal.notifications.services.sending import SENDING_JOB, send
from portal.prepared import PreparedInsert


def plan(messages: Iterable[NewMessage | Message]) -> list[NewMessage | Message]:
    """Store messages in the caller's transaction, in one INSERT. Idempotent: duplicates are skipped (unique key).

    Returns the messages as given. Of a Message, only the fields of NewMessage are stored.
    """
    messages = list(messages)
    _insert(messages)
    now = timezone.now()
    if any(message.state == State.PENDING and message.due_at <= now for message in messages):
        # robust: the booking is committed, so that a failed queue wake-up must not turn it into an error page.
        transaction.on_commit(partial(wake, SENDING_JOB), robust=True)
    return messages


_insert = PreparedInsert(Message, given=(*NewMessage._fields, "state"), skip_known=True)


def replan(messages: Iterable[NewMessage | Message]) -> None:
    """Plan messages that may exist as cancelled rows, as after moving a booking away and back; those are reset."""
    for message in plan(messages):
        Message.objects.filter(
            subject=message.subject,
            person=message.person,
            kind=message.kind,
            channel=message.channel,
            due_at=message.due_at,
            state=State.WITHDRAWN,
        ).update(
            state=State.first(message.channel),
            title=message.title,
            body=message.body,
            address=message.address,
            attempts=0,
            strikes=0,
            next_try_at=None,
        )


def cancel(subject: str, kinds: Iterable[str]) -> int:
    """Cancel the unsent messages about a subject; returns how many.

    A message that is being sent cannot be stopped, but is not retried if it fails (`leases.mark_failed`). Inbox
    messages disappear even if they were read, because they are no longer true.
    """
    unsent = Message.objects.about(subject).filter(
        kind__in=list(kinds), state__in=[State.PENDING, State.SENDING, State.LISTED]
    )
    return unsent.update(state=State.WITHDRAWN)


def send_login_code(phone: str, code: str, expires_at: datetime) -> None:
    """Store a sign-in code as an SMS and send it immediately: somebody is waiting for it."""
    now = timezone.now()
    message = Message.objects.create(
        subject=f"login:{phone}",
        person=f"phone:{phone}",
        kind=LOGIN_CODE,
        channel=Channel.SMS,
        due_at=now,
        expires_at=expires_at,
        is_urgent=True,
        address=phone,
        title=_("登录验证码"),
        body=_("【%(sign)s】您的验证码是 %(code)s,%(minutes)d 分钟内有效。请不要告诉别人。")
        % {
            "sign": settings.SMS_SIGNATURE,
            "code": code,
            "minutes": max(1, round((expires_at - now).total_seconds() / 60)),
        },
    )
    transaction.on_commit(partial(_send_now, message.pk), robust=True)


def _send_now(pk: int) -> None:
    """Send in a Celery worker if there is one, so that a slow provider does not block a web server thread."""
    if not wake(SENDING_JOB):
        send(pk)
