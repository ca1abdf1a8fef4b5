"""Signed links that a message may carry. The link is the right: it is given only to whom it concerns."""

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from appointments.models import Appointment

# 60 bits: short enough for an SMS, and far beyond what could be guessed over a network.
SIGNATURE_LENGTH = 15


def rating_token(appointment: Appointment) -> str:
    number = int_to_base36(appointment.pk)
    return f"{number}-{_signature(number)}"


def appointment_to_rate(token: str) -> Appointment | None:
    """The appointment that a token stands for; None for a token that we did not sign."""
    number, _dash, signature = token.partition("-")
    if not constant_time_compare(signature, _signature(number)):
        return None
    return Appointment.objects.for_pages().filter(pk=base36_to_int(number)).first()


def _signature(number: str) -> str:
    return salted_hmac("rate-a-visit", number).hexdigest()[:SIGNATURE_LENGTH]
