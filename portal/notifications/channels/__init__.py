"""Channel adapters: each has one method and is named in settings by dotted path; "" is a channel without provider."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from portal.notifications.models import Channel, Message
from portal.ui import numbers


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


def has_provider(channel: str) -> bool:
    """Whether messages of this channel can be sent at all."""
    return bool(settings.MESSAGE_CHANNELS.get(channel))


def with_provider() -> list[str]:
    return [channel for channel, adapter in settings.MESSAGE_CHANNELS.items() if adapter]


def without_provider() -> list[Channel]:
    """The channels of phone numbers that nobody sends for."""
    return [channel for channel in (Channel.SMS, Channel.VOICE) if not has_provider(channel)]


def channel_of(phone: str) -> Channel:
    """A mobile gets an SMS, a landline a call."""
    return Channel.SMS if numbers.is_mobile(phone) else Channel.VOICE
