"""Family links: for whom a signed-in person may book and look."""

from centers.models import FamilyLink
from portal.accounts.models import User


def links_of(user: User) -> list[FamilyLink]:
    """The person first, then the family in the order in which they agreed."""
    if not user.is_authenticated:
        return []
    links = FamilyLink.objects.filter(user=user, ended_at__isnull=True).select_related("resident__division")
    return sorted(links, key=lambda link: (link.relation != FamilyLink.Relation.SELF, link.agreed_at, link.pk))
