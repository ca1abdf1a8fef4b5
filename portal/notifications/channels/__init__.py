"""How a message travels. Each channel is an adapter with one method, named in settings by dotted path."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from portal.notifications.models import Message


class Permanent(Exception):
    """The provider will never take this message: a wrong number, a forbidden text. Not tried again."""


class Transient(Exception):
    """Not now: tried again later, and the channel is given a rest. `after`: seconds that the provider asked for."""

    def __init__(self, words: str, after: float = 0):
        super().__init__(words)
        self.after = after


class Adapter(Protocol):
    def send(self, message: Message) -> None:
        """Hand the message over, or raise.

        Permanent, Transient or any OSError (no connection, no answer in time) say which way; anything else counts
        as a fault of ours, and a message that causes it again and again is parked. Runs in a thread of its own,
        has to give up within some ten seconds, and must not use the database.
        """


@cache
def _load(path: str) -> Adapter:
    return import_string(path)()


def adapter_for(channel: str) -> Adapter:
    return _load(settings.MESSAGE_CHANNELS[channel])
