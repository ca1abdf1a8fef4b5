"""Answers given by the link in a message: confirm or cancel. Each link can be used once."""

from functools import partial

from appointments.booking import services as booking
from appointments.booking.confirmation import Answerable, confirm
from appointments.booking.models import LinkUse
from portal.ui.idempotency import make_once

Answer = LinkUse.Answer


def record(*, answerable: Answerable, answer: LinkUse.Answer) -> LinkUse:
    """Record the answer and mark the link as used. Idempotent: a used link returns its first LinkUse.

    Raises RuleBroken `not_changeable`, `not_expected` or `begun`; the rollback then leaves the link unused.
    """
    return make_once(partial(_record, answerable, answer), partial(use_of, answerable))


def _record(answerable: Answerable, answer: LinkUse.Answer) -> LinkUse:
    # Insert first: the unique constraint stops a concurrent second tap before it changes the appointment.
    use = LinkUse.objects.create(appointment=answerable.appointment, key=answerable.key, did=answer)
    if answer == Answer.CANCELLED:
        booking.cancel(appointment=answerable.appointment)
    else:
        confirm(appointment=answerable.appointment)
    return use


def use_of(answerable: Answerable) -> LinkUse | None:
    return LinkUse.objects.filter(appointment=answerable.appointment, key=answerable.key).first()
