"""Writing down what was done to whose account, and telling them."""

from centers.members import messages
from centers.models import Division, MemberChange, Membership
from portal.accounts.models import User
from portal.notifications import services as notifications


def record(
    kind: MemberChange.Kind,
    *,
    member: User,
    division: Division,
    by: User,
    role: str = "",
    reason: str = "",
    key: str | None = None,
) -> MemberChange:
    """In the caller's transaction."""
    change = MemberChange.objects.create(
        user=member, division=division, kind=kind, role=role, reason=reason, by=by, key=key
    )
    notifications.plan(messages.changed(change))
    return change


def place_of(member: User) -> Division:
    """Where an account's change is listed: at its highest post."""
    posts = Membership.objects.filter(user=member).select_related("division")
    return posts.order_by("division__level", "pk")[0].division
