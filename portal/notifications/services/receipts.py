"""Delivery receipts from providers."""

from django.utils import timezone

from portal.notifications.models import Message, State
from portal.ui.params import number


def receive(*, key: str, delivered: bool, words: str = "") -> bool:
    """Process a receipt for the message with idempotency key `key`; True when it changed anything.

    Receipts may be late, duplicated, out of order, or arrive before the message is marked as sent. The first final
    one counts.
    """
    pk, _dash, _rest = key.partition("-")
    message = Message.objects.filter(pk=number(pk) or 0).first()
    if message is None or message.idempotency_key != key:  # the key also changes when staff send again
        return False
    open_rows = Message.objects.filter(pk=message.pk, resends=message.resends, state__in=[State.SENDING, State.SENT])
    if delivered:
        return bool(open_rows.update(state=State.DELIVERED, sent_at=message.sent_at or timezone.now(), last_error=""))
    return bool(open_rows.update(state=State.FAILED, last_error=words[:300]))
