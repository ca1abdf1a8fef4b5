"""What somebody answers by the link in a message: they come, or they do not. Each link counts once."""

from django.db import IntegrityError, transaction

from appointments.booking import services as booking
from appointments.booking.confirmation import Answerable, confirm
from appointments.booking.models import LinkUse

Did = LinkUse.Did


def answer(*, asked: Answerable, did: LinkUse.Did) -> LinkUse:
    """Do what was answered, and use the link up; a link that was used before says what was done with it then.

    Raises RuleBroken `not_changeable`, `not_expected` or `begun`, and the link is as good as before.
    """
    try:
        with transaction.atomic():
            # First the row that can be written once only: a second tap at the same moment fails here.
            use = LinkUse.objects.create(appointment=asked.appointment, key=asked.key, did=did)
            if did == Did.CANCELLED:
                booking.cancel(appointment=asked.appointment)
            else:
                confirm(appointment=asked.appointment)
    except IntegrityError:
        earlier = used(asked)
        if earlier is None:
            raise
        return earlier
    return use


def used(asked: Answerable) -> LinkUse | None:
    return LinkUse.objects.filter(appointment=asked.appointment, key=asked.key).first()
