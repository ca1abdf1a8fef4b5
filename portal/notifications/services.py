"""Planning, withdrawing and sending messages.

Sending is lease, commit, send, mark: a process that dies in between leaves a row whose lease runs
out, so the message goes again and is never forgotten. Marking before sending would lose it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.notifications.channels import adapter_for
from portal.notifications.models import Channel, Message, State

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8


def plan(messages: Iterable[Message]) -> list[Message]:
    """Store messages inside the caller's transaction; one planned before and withdrawn since is revived.

    Returns the messages as given. Costs one insert, whatever their number.
    """
    messages = list(messages)
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    return messages


def revive(messages: Iterable[Message]) -> None:
    """Plan again what may have been withdrawn: a booking moved away and back meets its old rows."""
    for message in plan(messages):
        Message.objects.filter(
            subject=message.subject,
            person=message.person,
            kind=message.kind,
            channel=message.channel,
            due_at=message.due_at,
            state=State.WITHDRAWN,
        ).update(state=State.PENDING, title=message.title, body=message.body, address=message.address)


def withdraw(subject: str, kinds: Iterable[str]) -> int:
    """Take back what is still unsent about a subject; returns how many rows changed."""
    return (
        Message.objects.about(subject).filter(kind__in=list(kinds), state=State.PENDING).update(state=State.WITHDRAWN)
    )


def send_login_code(phone: str, code: str, expires_at: datetime) -> None:
    """Store a sign-in code as an SMS and try to send it at once: a person is waiting for it."""
    now = timezone.now()
    message = Message.objects.create(
        subject=f"login:{phone}",
        person=f"phone:{phone}",
        kind="login_code",
        channel=Channel.SMS,
        due_at=now,
        expires_at=expires_at,
        address=phone,
        title=_("登录验证码"),
        body=_("【%(sign)s】您的验证码是 %(code)s,%(minutes)d 分钟内有效。请不要告诉别人。")
        % {
            "sign": settings.SMS_SIGNATURE,
            "code": code,
            "minutes": max(1, round((expires_at - now).total_seconds() / 60)),
        },
    )
    transaction.on_commit(lambda: send(message.pk), robust=True)


def dispatch(limit: int = 200) -> int:
    """Send what is due; returns how many were handed over. Safe to run twice at the same time."""
    now = timezone.now()
    Message.objects.filter(state=State.SENDING, leased_until__lt=now).update(state=State.PENDING, leased_until=None)
    Message.objects.filter(state=State.PENDING, expires_at__lte=now).update(state=State.EXPIRED)
    return sum(send(pk) for pk in Message.objects.due(now).values_list("pk", flat=True)[:limit])


def send(pk: int) -> bool:
    """Send one pending message. False when another sender has it, or when the channel refused."""
    now = timezone.now()
    leased = Message.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), pk=pk, state=State.PENDING
    ).update(state=State.SENDING, leased_until=now + LEASE, attempts=F("attempts") + 1)
    if not leased:
        return False
    message = Message.objects.get(pk=pk)
    try:
        adapter_for(message.channel).send(message)
    except Exception as error:  # whatever a provider throws is a reason to try again, never to lose the row
        _failed(message, error)
        return False
    Message.objects.filter(pk=pk, state=State.SENDING).update(
        state=State.SENT, sent_at=timezone.now(), leased_until=None, last_error=""
    )
    return True


def _failed(message: Message, error: Exception) -> None:
    given_up = message.attempts >= MAX_ATTEMPTS
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.FAILED if given_up else State.PENDING,
        due_at=message.due_at if given_up else timezone.now() + timedelta(seconds=30 * 2**message.attempts),
        leased_until=None,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
