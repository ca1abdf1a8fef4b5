"""Delivery receipts from providers."""

from django.utils import timezone

from portal.notifications.models import Message, State


def receive(*, key: str, delivered: bool, words: str = "") -> bool:
    """Process a receipt for the message with idempotency key `key`; True when it changed anything.

    Receipts may be late, duplicated, out of order, or arrive before the message is marked as sent. The first final
    one counts.
    """
    pk, _, _ = key.partition("-")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return False
    message = Message.objects.filter(pk=int(pk)).first()
    if message is None or message.idempotency_key != key:  # the key also changes when staff send again
        return False
    open_rows = Message.objects.filter(pk=message.pk, resends=message.resends, state__in=[State.SENDING, State.SENT])
    if delivered:
        return bool(open_rows.update(state=State.DELIVERED, sent_at=message.sent_at or timezone.now(), last_error=""))
    return bool(open_rows.update(state=State.FAILED, last_error=words[:300]))
