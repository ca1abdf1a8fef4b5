"""Who had a hand in a case: they do not say how it was, nor does anybody of the family in the person's place.

Source: GB/T 39735-2020, rating is the served person's own, and nobody rates their own work.
"""

from appointments.cases.models import Case
from centers.models import FamilyLink


def has_helped(user, case: Case) -> bool:
    """Whoever took a step of it at the desk or in the township, and relatives other than the person themselves.

    Of somebody without a session nothing is known: the link went to the person's own number, and is the right.
    """
    if user is None or not user.is_authenticated:
        return False
    if case.steps.filter(by=user).exists():
        return True
    links = FamilyLink.objects.filter(user=user, resident=case.resident_id, ended_at__isnull=True)
    relations = set(links.values_list("relation", flat=True))
    return bool(relations) and FamilyLink.Relation.SELF not in relations
