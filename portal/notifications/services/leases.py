"""Leases on messages, and their state changes. Order: lease, commit, send, mark. This gives at-least-once delivery.

If a process dies in between, the lease (visibility timeout) expires and the message is sent again; marking before
sending would lose it. Every state change is a conditional UPDATE with the expected state in its WHERE.
"""

import random
import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from portal import clock
from portal.notifications import quiet, retries
from portal.notifications.channels import Permanent, Transient, with_provider
from portal.notifications.models import Channel, Message, State
from portal.ui import words

LOGIN_CODE = "login_code"
# A strike is an unexpected error, or a crash of the sender. After so many a message is parked (dead letter).
MAX_STRIKES = 4
TRANSIENT = (Transient, OSError)
QUIET_CHANNELS = [Channel.SMS, Channel.VOICE]
# Sign-in codes are erased once their message is settled.
BLANKED = Case(When(kind=LOGIN_CODE, then=Value("")), default=F("body"), output_field=TextField())


def database_now() -> datetime:
    """The database's clock, common to all machines: with clock skew, a fast machine would expire messages early.

    In the demo by as much ahead as `timezone.now`, with which `due_at` was reckoned.
    """
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'now')" if is_sqlite else "SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    now = datetime.fromisoformat(now).replace(tzinfo=UTC) if isinstance(now, str) else now
    return now + clock.ahead()


def sweep(now: datetime) -> None:
    """Release expired leases, expire messages past `expires_at`, and defer SMS and calls in the quiet hours."""
    _release_expired(now)
    over = Message.objects.filter(state=State.PENDING, expires_at__lte=now)
    over.filter(attempts=0).update(state=State.EXPIRED, body=BLANKED)
    over.update(state=State.MISSED, body=BLANKED)
    if morning := quiet.end_of_quiet(timezone.localtime(now), *settings.QUIET_HOURS):
        Message.objects.due(now).filter(channel__in=QUIET_CHANNELS, is_urgent=False).update(next_try_at=morning)


def take_from_lost_channels() -> None:
    """What waits for a channel whose provider was switched off is to be called, or withdrawn: it will not be sent."""
    stranded = Message.objects.filter(state=State.PENDING).exclude(channel__in=with_provider())
    stranded.filter(needs_call=True).update(state=State.TO_CALL)
    stranded.update(state=State.WITHDRAWN)


def _release_expired(now: datetime) -> None:
    """The senders died. Retry at once after the first strike, then with back-off; park after MAX_STRIKES."""
    abandoned = Message.objects.filter(state=State.SENDING, leased_until__lt=Now())
    for pk, lease, strikes in abandoned.values_list("pk", "lease", "strikes"):
        back_off = retries.delay(strikes, random.random()) if strikes else timedelta()
        Message.objects.filter(pk=pk, state=State.SENDING, lease=lease).update(
            state=State.PARKED if strikes + 1 >= MAX_STRIKES else State.PENDING,
            strikes=F("strikes") + 1,
            next_try_at=now + back_off,
            last_error="the sender ended while it held this message",
        )


def acquire(pks: Iterable[int], now: datetime) -> list[Message]:
    """Lease those of the rows that are still pending; of two parallel senders, one gets each row.

    The caller selects rows that are due (quiet hours, back-off) and words them; only expiry is checked again here.
    """
    token = uuid.uuid4().hex
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    taken = Message.objects.filter(alive, ~Q(body=""), pk__in=list(pks), state=State.PENDING).update(
        state=State.SENDING,
        lease=token,
        # Leases are written and compared with the database's clock.
        leased_until=Now() + timedelta(seconds=settings.MESSAGE_LEASE_SECONDS),
        attempts=F("attempts") + 1,
    )
    return list(Message.objects.filter(lease=token, state=State.SENDING)) if taken else []


def mark_sent(messages: Iterable[Message], now: datetime) -> int:
    """Mark as sent; returns how many. Includes those cancelled, or with an expired lease, while they were being sent.

    Excludes those that a delivery receipt has settled or that another sender has leased since.
    """
    pks, tokens = zip(*((message.pk, message.lease) for message in messages), strict=True)
    return Message.objects.filter(
        pk__in=pks, lease__in=set(tokens), state__in=[State.SENDING, State.PENDING, State.WITHDRAWN]
    ).update(state=State.SENT, sent_at=now, leased_until=None, last_error="", body=BLANKED)


def mark_failed(message: Message, error: Exception, now: datetime) -> None:
    """Record a failed attempt: retry, fail or park."""
    ours = Message.objects.filter(pk=message.pk, lease=message.lease, state=State.SENDING)
    is_expected = isinstance(error, (Permanent, *TRANSIENT))
    strikes = message.strikes + (0 if is_expected else 1)
    after = error.after if isinstance(error, Transient) else 0
    ours.update(
        state=_state_after(message, error, strikes),
        strikes=strikes,
        next_try_at=now + retries.delay(message.attempts, random.random(), after),
        leased_until=None,
        last_error=describe(error),
    )


def mark_unworded(message: Message, error: Exception, now: datetime) -> None:
    """Record that the subject's words raised: retry later as a suspect, or park."""
    strikes = message.strikes + 1
    Message.objects.filter(pk=message.pk, state=State.PENDING, strikes=message.strikes).update(
        state=State.PARKED if strikes >= MAX_STRIKES else State.PENDING,
        strikes=strikes,
        next_try_at=now + retries.delay(strikes, random.random()),
        last_error=describe(error),
    )


def _state_after(message: Message, error: Exception, strikes: int) -> State:
    if isinstance(error, Permanent):
        return State.FAILED
    if strikes >= MAX_STRIKES:
        return State.PARKED
    return State.FAILED if retries.is_over(message.attempts, message.expires_at) else State.PENDING


def describe(error: Exception) -> str:
    return without_numbers(f"{type(error).__name__}: {error}")[:300]


def without_numbers(text: str) -> str:
    """Masks phone numbers in provider errors, which are shown on the delivery board and logged."""
    return re.sub(r"\d{7,}", lambda number: words.masked_phone(number[0]), text)
