"""How the message store names the people of a village."""

from centers.people.models import Resident


def person_of(resident: Resident) -> str:
    return f"resident:{resident.pk}"
