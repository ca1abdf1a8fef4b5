"""For SMS and voice where no provider is contracted yet: a file that a person or a gateway reads."""

import json
from pathlib import Path

from django.conf import settings

from portal.notifications.models import Message


class FileOutbox:
    """Append one JSON line a message to MESSAGE_OUTBOX; our id lets a reader drop repeats."""

    def send(self, message: Message) -> None:
        line = json.dumps(
            {"id": message.idempotency_key, "channel": message.channel, "to": message.address, "text": message.body},
            ensure_ascii=False,
        )
        path = Path(settings.MESSAGE_OUTBOX)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as outbox:
            outbox.write(line + "\n")
