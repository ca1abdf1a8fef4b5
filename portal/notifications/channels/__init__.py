"""How a message travels. Each channel is an adapter with one method, named in settings by dotted path."""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from portal.notifications.models import Message


class Adapter(Protocol):
    def send(self, message: Message) -> None:
        """Hand the message over, or raise: any exception means that it was not taken."""


@cache
def _load(path: str) -> Adapter:
    return import_string(path)()


def adapter_for(channel: str) -> Adapter:
    return _load(settings.MESSAGE_CHANNELS[channel])
