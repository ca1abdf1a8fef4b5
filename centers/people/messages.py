"""The recipient key of residents in the message store."""

from centers.people.models import Resident
from portal.notifications.keys import key_of, pks_of

PREFIX = "resident"


def person_of(resident: Resident) -> str:
    return key_of(PREFIX, resident.pk)


def residents_of(people: set[str]) -> set[int]:
    """The residents' primary keys among these recipient keys."""
    return pks_of(PREFIX, people)
