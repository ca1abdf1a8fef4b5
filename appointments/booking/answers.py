"""Answers given by the link in a message: confirm or cancel. Each link can be used once."""

from django.db import IntegrityError, transaction

from appointments.booking import services as booking
from appointments.booking.confirmation import Answerable, confirm
from appointments.booking.models import LinkUse

Did = LinkUse.Did


def answer(*, asked: Answerable, did: LinkUse.Did) -> LinkUse:
    """Record the answer and mark the link as used. Idempotent: a used link returns its first LinkUse.

    Raises RuleBroken `not_changeable`, `not_expected` or `begun`; the rollback then leaves the link unused.
    """
    try:
        with transaction.atomic():
            # Insert first: the unique constraint stops a concurrent second tap before it changes the appointment.
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
