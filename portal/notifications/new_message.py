"""A message that is not stored yet."""

from datetime import datetime
from typing import NamedTuple

from portal.notifications.channels import has_provider
from portal.notifications.models import Channel, State


class NewMessage(NamedTuple):
    """The fields of a Message that are set at planning; words come at the hand-over, the others are defaults.

    A tuple and not a model instance, which takes longer to build than to insert.

    occasion    start of the visit, or the moment of the cause; part of the identity, as is `number`
    number      which reminder, which move; 0 where there is one
    expires_at  the end: afterwards nobody is told any more, and the inbox hides it
    needs_call  only this message can tell it: without a provider staff call
    by_call     staff call even if there is a provider
    detail      what the words need and no row of the subject tells, such as the name of a stand-in
    """

    subject: str
    person: str
    kind: str
    channel: str
    occasion: datetime
    due_at: datetime
    expires_at: datetime
    number: int = 0
    address: str = ""
    detail: str = ""
    is_urgent: bool = False
    needs_call: bool = False
    by_call: bool = False

    @property
    def state(self) -> State | None:
        """The first state; None for what is not stored, because nobody can send it and nobody needs to call."""
        if self.channel == Channel.INBOX:
            return State.LISTED
        if not self.by_call and has_provider(self.channel):
            return State.PENDING
        return State.TO_CALL if self.needs_call or self.by_call else None
