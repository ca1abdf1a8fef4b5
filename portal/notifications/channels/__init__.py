"""Channel adapters. Each has one method, and is named in settings by dotted path."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from portal.notifications.models import Message


class Permanent(Exception):
    """Permanent failure, not retried: the provider rejects this message (wrong number, forbidden text)."""


class Transient(Exception):
    """Transient failure: retried with back-off, and the channel pauses. `after`: seconds from Retry-After, or 0."""

    def __init__(self, words: str, after: float = 0):
        super().__init__(words)
        self.after = after


class Adapter(Protocol):
    def send(self, message: Message) -> None:
        """Hand the message to the provider, or raise.

        Raises Permanent; Transient or any OSError (connection error, timeout) to be retried. Any other exception
        counts as our bug (a strike), and a message with too many strikes is parked. Runs in a thread of its own,
        must time out within about ten seconds, and must not use the database.
        """


@cache
def _load(path: str) -> Adapter:
    return import_string(path)()


def adapter_for(channel: str) -> Adapter:
    return _load(settings.MESSAGE_CHANNELS[channel])
