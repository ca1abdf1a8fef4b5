"""Signed links that a message may carry. The link is the right: it is given only to whom it concerns."""

from django.core import signing

from appointments.models import Appointment

_RATING = "rate-a-visit"


def rating_token(appointment: Appointment) -> str:
    return signing.Signer(salt=_RATING).sign(str(appointment.pk)).replace(":", ".", 1)


def appointment_to_rate(token: str) -> Appointment | None:
    """The served appointment that a token stands for; None for a token that we did not sign."""
    try:
        pk = signing.Signer(salt=_RATING).unsign(token.replace(".", ":", 1))
    except signing.BadSignature:
        return None
    return Appointment.objects.for_pages().filter(pk=pk).first()
