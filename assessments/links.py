"""Resolves the signed links in rating invitations."""

from appointments.booking.models import Appointment
from appointments.cases.models import Case
from appointments.invitation import read_token

RATABLE = {model.rating_prefix: model for model in (Appointment, Case)}


def thing_to_rate(token: str) -> Appointment | Case | None:
    """The visit or case of a token; None when the signature is invalid."""
    found = read_token(token, list(RATABLE))
    return found and RATABLE[found[0]].objects.for_pages().filter(pk=found[1]).first()
