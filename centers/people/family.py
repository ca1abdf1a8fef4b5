"""Family links: for whom a signed-in user may book, and whose bookings they see."""

from centers.models import FamilyLink
from portal.accounts.models import User


def links_of(user: User) -> list[FamilyLink]:
    """The user's own link first, then the family in the order of consent."""
    if not user.is_authenticated:
        return []
    links = FamilyLink.objects.filter(user=user, ended_at__isnull=True).select_related("resident__division")
    if user.asleep_since:  # what was agreed before is the number's earlier owner's until the center has seen them
        links = links.filter(agreed_at__gte=user.asleep_since)
    return sorted(links, key=lambda link: (link.relation != FamilyLink.Relation.SELF, link.agreed_at, link.pk))
