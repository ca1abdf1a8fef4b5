"""What a provider tells us afterwards."""

from django.utils import timezone

from portal.notifications.models import Message, State
from portal.ui.params import number


def receive(*, key: str, delivered: bool, words: str = "") -> bool:
    """Take a receipt about the message that carries our id `key`; True when it changed anything.

    Receipts come late, twice, out of order, and before we have marked the message as sent. The first that settles
    it counts.
    """
    pk, _dash, _rest = key.partition("-")
    message = Message.objects.filter(pk=number(pk) or 0).first()
    if message is None or message.idempotency_key != key:  # also one that a person has sent again since
        return False
    open_rows = Message.objects.filter(pk=message.pk, resends=message.resends, state__in=[State.SENDING, State.SENT])
    if delivered:
        return bool(open_rows.update(state=State.DELIVERED, sent_at=message.sent_at or timezone.now(), last_error=""))
    return bool(open_rows.update(state=State.FAILED, last_error=words[:300]))
