"""Confirming that somebody will come: the signed link in an SMS, and recording the answer."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _

from appointments.booking.displaced import is_displaced
from appointments.booking.models import Appointment, Status
from portal.accounts.models import User
from portal.ui.errors import RuleBroken
from portal.ui.signing import SHORT, is_short_signature, pk_of, short_signature


@dataclass(frozen=True, slots=True)
class Answerable:
    """A booking whose message asks for an answer. Each message has a link of its own, told apart by its `tag`.

    `is_old`: moved since, so that it answers nothing any more.
    """

    appointment: Appointment
    tag: str
    is_old: bool = False

    @property
    def key(self) -> str:
        """Identifies the link."""
        return f"{self.tag}{self.appointment.move_count}"


def answer_link(appointment: Appointment, tag: str) -> str:
    """URL for an SMS that asks whether somebody will come; `tag` is one character that identifies the message."""
    return f"{settings.SHORT_URL}/c/{answer_token(appointment, tag)}"


def answer_token(appointment: Appointment, tag: str) -> str:
    """The token of `answer_link`: valid until the booking is moved."""
    number = int_to_base36(appointment.pk)
    signature = short_signature("answer", tag, number, appointment.move_count)
    return f"{signature}{tag}{number}"


def to_answer(token: str) -> Answerable | None:
    """None for an invalid signature, and for a link sent before the booking was last moved.

    Except before the very last move: whoever moves by the link may send the same again (a dropped line, Back).
    """
    signature, tag, number = token[:SHORT], token[SHORT : SHORT + 1], token[SHORT + 1 :]
    pk = pk_of(number)
    appointment = Appointment.objects.for_pages().filter(pk=pk).first() if pk else None
    if appointment is None:
        return None
    for move_count in (appointment.move_count, appointment.move_count - 1):
        if is_short_signature(signature, "answer", tag, number, move_count):
            return Answerable(appointment, tag, is_old=move_count != appointment.move_count)
    return None


@transaction.atomic
def confirm(*, appointment: Appointment, by: User | None = None) -> Appointment:
    """Record that they will come, by the link (no `by`) or by the staff member who called. Idempotent.

    Raises RuleBroken `not_expected`, `displaced`, and `begun` after the start: then arrival is marked instead.
    """
    appointment = Appointment.objects.locked(appointment.pk)
    if appointment.confirmed_at:
        return appointment
    if appointment.status != Status.BOOKED:
        raise not_expected(appointment)
    if is_displaced(appointment):
        raise RuleBroken(_("约好的时间不开门了，来了也办不成。请改个时间，或者打中心电话。"), code="displaced")
    now = timezone.now()
    if now >= appointment.starts_at:
        raise RuleBroken(_("约好的时间已经到了，不用再确认。人来了请登记“已到”。"), code="begun")
    appointment.confirmed_at, appointment.confirmed_by = now, by
    appointment.save(update_fields=["confirmed_at", "confirmed_by"])
    return appointment


def not_expected(appointment: Appointment) -> RuleBroken:
    """The refusal when the appointment is in another state by now."""
    sentence = _("这个预约已经是“%(status)s”。要改请先撤回。") % {"status": appointment.status.label}
    return RuleBroken(sentence, code="not_expected")
