"""Channels without a provider: a file of JSON lines for SMS and voice, and the console for development."""

import json
from pathlib import Path

from django.conf import settings

from portal.notifications.models import Message


class FileOutbox:
    """Appends one JSON line per message to MESSAGE_OUTBOX; the id lets readers deduplicate (at-least-once delivery)."""

    def send(self, message: Message) -> None:
        line = json.dumps(
            {"id": message.idempotency_key, "channel": message.channel, "to": message.address, "text": message.body},
            ensure_ascii=False,
        )
        path = Path(settings.MESSAGE_OUTBOX)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as outbox:
            outbox.write(line + "\n")
