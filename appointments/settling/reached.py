"""Whether a displaced person knows it already, and how staff reach them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.booking import messages
from appointments.booking.displaced import Displaced
from appointments.booking.models import Appointment
from portal.notifications.models import Channel, Message, State

REACHED = {State.SENT, State.DELIVERED, State.CALLED}


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
    if state in REACHED:
        word, must_call = _("已告诉"), False
    elif state in (State.PENDING, State.SENDING):
        word, must_call = _("消息在路上"), False
    else:
        word, must_call = _("要打电话"), True
    return Contact(one.appointment, one.why, word, must_call)
