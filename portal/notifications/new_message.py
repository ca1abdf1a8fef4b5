"""What a message is before it is stored."""

from datetime import datetime
from typing import NamedTuple

from portal.notifications.models import State


class NewMessage(NamedTuple):
    """Fields of a Message, of the same names; the others begin as the model says.

    A booking plans six: to build a model's instance for each would take longer than to write them.
    """

    subject: str
    person: str
    kind: str
    channel: str
    due_at: datetime
    title: str
    body: str
    address: str = ""
    expires_at: datetime | None = None
    is_urgent: bool = False

    @property
    def state(self) -> State:
        return State.first(self.channel)
