"""The recipient key of residents in the message store."""

from centers.people.models import Resident


def person_of(resident: Resident) -> str:
    return f"resident:{resident.pk}"
