"""Who holds a message, and what became of it. Lease, commit, send, mark: in this order nothing can be lost.

A process that dies in between leaves a row whose lease runs out, and the message goes again. Marking before sending
would lose it. Every write is conditional: the state that it starts from stands in its WHERE.
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

from portal.notifications import quiet, retries
from portal.notifications.channels import Permanent, Transient
from portal.notifications.models import Channel, Message, State
from portal.ui import words

LOGIN_CODE = "login_code"
# After so many unexpected errors, or deaths of the process that held it, a message is set aside.
MAX_STRIKES = 4
TRANSIENT = (Transient, OSError)
QUIET_CHANNELS = [Channel.SMS, Channel.VOICE]
# Once it is decided, a sign-in code is nobody's to read.
BLANKED = Case(When(kind=LOGIN_CODE, then=Value("")), default=F("body"), output_field=TextField())


def database_now() -> datetime:
    """One clock for all machines: with each its own, one that is ten minutes ahead would take messages for expired."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'now')" if is_sqlite else "SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return datetime.fromisoformat(now).replace(tzinfo=UTC) if isinstance(now, str) else now


def sweep(now: datetime) -> None:
    """Free what its holder left behind, close what is over, and put off what would ring at night."""
    _release_expired(now)
    over = Message.objects.filter(state=State.PENDING, expires_at__lte=now)
    over.filter(attempts=0).update(state=State.EXPIRED, body=BLANKED)
    over.update(state=State.MISSED, body=BLANKED)
    if morning := quiet.end_of_quiet(timezone.localtime(now), *settings.QUIET_HOURS):
        Message.objects.due(now).filter(channel__in=QUIET_CHANNELS, is_urgent=False).update(next_try_at=morning)


def _release_expired(now: datetime) -> None:
    """The holder died. One strike may be bad luck, so it goes again at once; then later and later; then not at all."""
    left = Message.objects.filter(state=State.SENDING, leased_until__lt=Now())
    for pk, lease, strikes in left.values_list("pk", "lease", "strikes"):
        put_off = retries.delay(strikes, random.random()) if strikes else timedelta()
        Message.objects.filter(pk=pk, state=State.SENDING, lease=lease).update(
            state=State.PARKED if strikes + 1 >= MAX_STRIKES else State.PENDING,
            strikes=F("strikes") + 1,
            next_try_at=now + put_off,
            last_error="the sender ended while it held this message",
        )


def acquire(pks: Iterable[int], now: datetime) -> list[Message]:
    """Lease those of the rows that nobody else has; of two senders at once, one gets each row.

    Quiet hours and back-off are looked at by whoever chose the rows; what is over is refused here again.
    """
    token = uuid.uuid4().hex
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    taken = Message.objects.filter(alive, pk__in=list(pks), state=State.PENDING).update(
        state=State.SENDING,
        lease=token,
        # The database's clock, here and where it is compared.
        leased_until=Now() + timedelta(seconds=settings.MESSAGE_LEASE_SECONDS),
        attempts=F("attempts") + 1,
    )
    return list(Message.objects.filter(lease=token, state=State.SENDING)) if taken else []


def mark_sent(messages: Iterable[Message], now: datetime) -> int:
    """Mark as sent, also what was withdrawn on its way or given up for lost: it did go out.

    Not what a receipt has already settled, and not what another sender holds by now.
    """
    pks, leases = zip(*((message.pk, message.lease) for message in messages), strict=True)
    return Message.objects.filter(
        pk__in=pks, lease__in=set(leases), state__in=[State.SENDING, State.PENDING, State.WITHDRAWN]
    ).update(state=State.SENT, sent_at=now, leased_until=None, last_error="", body=BLANKED)


def mark_failed(message: Message, error: Exception, now: datetime) -> None:
    """Decide what becomes of a message that its channel did not take."""
    ours = Message.objects.filter(pk=message.pk, lease=message.lease, state=State.SENDING)
    is_known = isinstance(error, (Permanent, *TRANSIENT))
    strikes = message.strikes + (not is_known)
    after = error.after if isinstance(error, Transient) else 0
    ours.update(
        state=_verdict(message, error, strikes),
        strikes=strikes,
        next_try_at=now + retries.delay(message.attempts, random.random(), after),
        leased_until=None,
        last_error=describe(error),
    )


def _verdict(message: Message, error: Exception, strikes: int) -> State:
    if isinstance(error, Permanent):
        return State.FAILED
    if strikes >= MAX_STRIKES:
        return State.PARKED
    return State.FAILED if retries.is_over(message.attempts, message.expires_at) else State.PENDING


def describe(error: Exception) -> str:
    return without_numbers(f"{type(error).__name__}: {error}")[:300]


def without_numbers(text: str) -> str:
    """For the board and the log: a provider may repeat the whole phone number, which is nobody's to read there."""
    return re.sub(r"\d{7,}", lambda number: words.masked_phone(number[0]), text)
