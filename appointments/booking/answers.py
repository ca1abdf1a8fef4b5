"""What somebody answers by the link in a message: they come, or they do not. Each link counts once."""

from functools import partial

from appointments.booking import services as booking
from appointments.booking.confirmation import Answerable, confirm
from appointments.booking.models import LinkUse
from portal.ui.idempotency import make_once

Did = LinkUse.Did


def answer(*, asked: Answerable, did: LinkUse.Did) -> LinkUse:
    """Do what was answered, and use the link up; a link that was used before says what was done with it then.

    Raises RuleBroken `not_changeable`, `not_expected` or `begun`, and the link is as good as before.
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


def used(asked: Answerable) -> LinkUse | None:
    return LinkUse.objects.filter(appointment=asked.appointment, key=asked.key).first()
