"""A message that is not stored yet."""

from datetime import datetime
from typing import NamedTuple

from portal.notifications.models import State


class NewMessage(NamedTuple):
    """The fields of a Message that are set; the others take the model's defaults.

    A tuple and not a model instance: building six instances per booking would take longer than inserting them.
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
