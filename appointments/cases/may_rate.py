"""Who may not rate a case: its handlers, and relatives in the person's place.

Source: GB/T 39735-2020, only the person served rates, and nobody rates their own work.
"""

from appointments.cases.models import Case
from centers.models import FamilyLink


def has_helped(user, case: Case) -> bool:
    """Whether the user took a step in the case, or is a relative of the person and not the person.

    False without a session: the rating link was sent to the person's own phone and is the authorization.
    """
    if user is None or not user.is_authenticated:
        return False
    if case.steps.filter(by=user).exists():
        return True
    links = FamilyLink.objects.filter(user=user, resident=case.resident_id, ended_at__isnull=True)
    relations = set(links.values_list("relation", flat=True))
    return bool(relations) and FamilyLink.Relation.SELF not in relations
