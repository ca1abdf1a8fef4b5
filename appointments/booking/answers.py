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
    return make_once(partial(_answer, asked, did), partial(used, asked))


def _answer(asked: Answerable, did: LinkUse.Did) -> LinkUse:
    # First the row that can be written once only: a second tap at the same moment fails here.
    use = LinkUse.objects.create(appointment=asked.appointment, key=asked.key, did=did)
    if did == Did.CANCELLED:
        booking.cancel(appointment=asked.appointment)
    else:
        confirm(appointment=asked.appointment)
    return use


def use_of(answerable: Answerable) -> LinkUse | None:
    return LinkUse.objects.filter(appointment=answerable.appointment, key=answerable.key).first()
