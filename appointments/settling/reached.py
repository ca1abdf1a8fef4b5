"""Whether people know it already that something about their visit has changed, and whether staff must call them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.booking import messages
from appointments.booking.displaced import Displaced
from appointments.booking.models import Appointment
from portal.notifications.models import Channel, Message, State

REACHED = {State.SENT, State.DELIVERED, State.CALLED}
MUST_CALL = _("要打电话")


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of the list. `must_call`: nothing has reached them, and nothing is on its way."""

    appointment: Appointment
    why: str
    word: str | Promise
    must_call: bool


def with_contact(rows: Iterable[Displaced]) -> list[Contact]:
    """Two queries, whatever the number of rows."""
    rows = list(rows)
    keys = {messages.subject_of(one.appointment): one.appointment.pk for one in rows}
    said = Message.objects.filter(subject__in=list(keys), kind=messages.CLOSED).exclude(channel=Channel.INBOX)
    latest = {keys[message.subject]: message.state for message in said.order_by("pk")}
    return [_contact(one, latest.get(one.appointment.pk)) for one in rows]


def _contact(one: Displaced, state: str | None) -> Contact:
    return Contact(one.appointment, one.why, word_of(state), word_of(state) == MUST_CALL)


def word_of(state: str | None) -> str | Promise:
    """What the state of the message to somebody's phone means for staff; None for no message."""
    if state in REACHED:
        return _("已告诉")
    return _("消息在路上") if state in (State.PENDING, State.SENDING) else MUST_CALL
