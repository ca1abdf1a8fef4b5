"""Answers given by the link in a message: confirm or cancel. Each link can be used once."""

from django.db import IntegrityError, transaction

from appointments.booking import services as booking
from appointments.booking.confirmation import Answerable, confirm
from appointments.booking.models import LinkUse

Answer = LinkUse.Answer


def record(*, answerable: Answerable, answer: LinkUse.Answer) -> LinkUse:
    """Record the answer and mark the link as used. Idempotent: a used link returns its first LinkUse.

    Raises RuleBroken `not_changeable`, `not_expected` or `begun`; the rollback then leaves the link unused.
    """
    try:
        with transaction.atomic():
            # Insert first: the unique constraint stops a concurrent second tap before it changes the appointment.
            use = LinkUse.objects.create(appointment=answerable.appointment, key=answerable.key, did=answer)
            if answer == Answer.CANCELLED:
                booking.cancel(appointment=answerable.appointment)
            else:
                confirm(appointment=answerable.appointment)
    except IntegrityError:
        earlier = use_of(answerable)
        if earlier is None:
            raise
        return earlier
    return use


def use_of(answerable: Answerable) -> LinkUse | None:
    return LinkUse.objects.filter(appointment=answerable.appointment, key=answerable.key).first()
