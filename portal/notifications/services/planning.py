"""Storing messages to be sent, and cancelling them."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.celery import wake
from portal.notifications.channels import channel_of
from portal.notifications.models import Channel, Message, State
from portal.notifications.new_message import NewMessage
from portal.notifications.services.leases import LOGIN_CODE
from portal.notifications.services.sending import SENDING_JOB, send
from portal.prepared import PreparedInsert


def plan(messages: Iterable[NewMessage]) -> None:
    """Store messages in the caller's transaction, in one INSERT. Idempotent: what is known is not stored again.

    Known rows that were withdrawn, as by moving a booking away and back, are to be sent after all. What a channel
    without provider cannot send is not stored, or is a line on the call list (NewMessage.state).
    """
    stored = [message for message in messages if message.state is not None]
    if _insert(stored) < len(stored):
        for message in stored:
            _revive(message)
    now = timezone.now()
    if any(message.state == State.PENDING and message.due_at <= now for message in stored):
        # robust: the booking is committed, so that a failed queue wake-up must not turn it into an error page.
        transaction.on_commit(partial(wake, SENDING_JOB), robust=True)


_STORED = (*(name for name in NewMessage._fields if name != "by_call"), "state")
_insert = PreparedInsert(Message, given=_STORED, skip_known=True)


def _revive(message: NewMessage) -> None:
    """Under a new id: the provider may have got the old one with other words."""
    Message.objects.filter(
        subject=message.subject,
        person=message.person,
        kind=message.kind,
        channel=message.channel,
        occasion=message.occasion,
        number=message.number,
        state=State.WITHDRAWN,
    ).update(
        state=message.state,
        due_at=message.due_at,
        expires_at=message.expires_at,
        address=message.address,
        detail=message.detail,
        needs_call=message.needs_call,
        title="",
        body="",
        attempts=0,
        strikes=0,
        calls=0,
        next_try_at=None,
        resends=F("resends") + 1,
    )


def cancel(subject: str, kinds: Iterable[str], occasion: datetime | None = None) -> int:
    """Withdraw what has reached nobody about a subject, or one occasion of it; returns how many messages.

    A message that is being sent cannot be stopped, but is not retried if it fails (`leases.mark_failed`). Inbox
    messages disappear even if they were read, because they are no longer true.
    """
    open_ones = State.unsent() | State.undelivered() | {State.TO_CALL, State.LISTED}
    told = Message.objects.about(subject).filter(kind__in=list(kinds), state__in=open_ones)
    if occasion:
        told = told.filter(occasion=occasion)
    return told.update(state=State.WITHDRAWN)


def withdraw(*, people: Iterable[str], addresses: Iterable[str] = (), kinds: Iterable[str] | None = None) -> int:
    """Withdraw what has reached nobody, to these people or numbers; of all kinds or of these. As `cancel`."""
    open_ones = State.unsent() | State.undelivered() | {State.TO_CALL, State.LISTED}
    told = Message.objects.filter(Q(person__in=list(people)) | Q(address__in=list(addresses)), state__in=open_ones)
    if kinds is not None:
        told = told.filter(kind__in=list(kinds))
    return told.update(state=State.WITHDRAWN)


def readdress(person: str, old: str, new: str) -> int:
    """What has reached nobody yet goes to the person's new number; "" is none any more. Returns how many messages.

    Over another channel where the new one is a landline and the old one was not; without a number, staff tell what
    only a message can tell, and the rest is withdrawn.
    """
    waiting = Message.objects.filter(person=person, address=old, state__in=[State.PENDING, State.TO_CALL])
    if new:
        return sum(_send_to(message, new) for message in waiting)
    told = waiting.filter(state=State.PENDING)
    told.filter(needs_call=True).update(state=State.TO_CALL)
    told.update(state=State.WITHDRAWN)
    return waiting.update(address="")


def _send_to(message: Message, number: str) -> int:
    unsent = Message.objects.filter(pk=message.pk, state=message.state)
    try:
        with transaction.atomic():
            return unsent.update(address=number, channel=channel_of(number))
    except IntegrityError:  # the same is planned for the other channel already
        return unsent.update(state=State.WITHDRAWN)


def send_login_code(phone: str, code: str, expires_at: datetime) -> None:
    """Store a sign-in code as an SMS and send it immediately: somebody is waiting for it.

    Its keys are drawn at random, because lists show keys and searches find them; the number stands in `address` alone.
    """
    now = timezone.now()
    key = f"login:{uuid.uuid4().hex}"
    message = Message.objects.create(
        subject=key,
        person=key,
        kind=LOGIN_CODE,
        channel=Channel.SMS,
        occasion=now,
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
