"""A test message to one's own number, through the channel's real provider, and what lately became of a channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.notifications.models import Message, State
from portal.notifications.services import sending

TEST = "provider_test"
# A failed test is not tried again behind the back of who waits for its result.
GOOD_FOR = timedelta(minutes=1)
LISTED = 5
# The newest messages only: a channel that has sent nothing for long would have all rows read.
LOOKED_AT = 5_000


@dataclass(frozen=True)
class Lately:
    """`failed` is the last message with an error, sent later or not."""

    sent_at: datetime | None
    failed: Message | None


def send_test(channel: str, address: str, user: int) -> Message:
    """Store and send one now, in this thread; returns the row as it is afterwards."""
    now = timezone.now()
    made = Message.objects.create(
        subject=_subject(channel),
        person=f"tester:{user}",
        kind=TEST,
        channel=channel,
        occasion=now,
        due_at=now,
        expires_at=now + GOOD_FOR,
        is_urgent=True,
        address=address,
        title=_("试发"),
        body=_("【%(sign)s】这是一条试发的消息，收到就说明接好了。不用回复。") % {"sign": settings.SMS_SIGNATURE},
    )
    sending.send(made.pk)
    # A transient failure would be repeated until it expires.
    Message.objects.filter(pk=made.pk, state=State.PENDING).update(state=State.FAILED)
    return Message.objects.get(pk=made.pk)


def tests_of(channel: str) -> list[Message]:
    return list(Message.objects.about(_subject(channel)).order_by("-occasion")[:LISTED])


def tester_of(message: Message) -> int:
    return int(message.person.rpartition(":")[2])


def lately(channel: str) -> Lately:
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = Message.objects.filter(channel=channel, pk__gt=newest - LOOKED_AT).order_by("-pk")
    sent = rows.filter(sent_at__isnull=False).values_list("sent_at", flat=True).first()
    return Lately(sent, rows.exclude(last_error="").first())


def _subject(channel: str) -> str:
    return f"provider:{channel}"
