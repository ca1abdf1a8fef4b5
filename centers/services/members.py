"""Granting and revoking roles."""

from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from centers import codes
from centers.access import memberships_of
from centers.models import Division, Membership
from portal.accounts.models import User
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from portal.ui.errors import NotAllowed
from portal.ui.idempotency import make_once

# Ascending: nobody can grant a role above or beside their own (no privilege escalation); a county administrator is made
# by the system administrator.
RANKS = [Role.PROXY_AGENT, Role.MANAGER, Role.LIAISON, Role.TOWNSHIP, Role.COUNTY]


def check_may_grant(*, by: User, role: str, division: Division) -> None:
    """Raises NotAllowed unless `by` may manage members at that division with a role of a higher rank."""
    if role not in roles_to_grant(by=by, division=division):
        raise NotAllowed(
            _("您不能在%(place)s授予“%(role)s”，这要由上一级来做。"), place=division.name, role=Role(role).label
        )


def roles_to_grant(*, by: User, division: Division) -> list[Role]:
    """The roles that `by` may give and take at that division, ascending."""
    return Reach(by).roles_at(division)


class Reach:
    """Over whom a user decides: read once for many divisions."""

    def __init__(self, by: User) -> None:
        self.is_unlimited = by.is_superuser
        self.managed = [
            (held.division.code, RANKS.index(Role(held.role)))
            for held in memberships_of(by)
            if Permission.MANAGE_MEMBERS in ROLE_PERMISSIONS[Role(held.role)]
        ]

    def roles_at(self, division: Division) -> list[Role]:
        """Those below the highest role that the user holds there or above."""
        if self.is_unlimited:
            return list(RANKS)
        ranks = [rank for code, rank in self.managed if codes.contains(code, division.code)]
        return RANKS[: max(ranks, default=0)]


def grant(*, user: User, division: Division, role: str, title: str = "", by: User) -> Membership:
    """Grant the role; idempotent. Raises NotAllowed."""
    check_may_grant(by=by, role=role, division=division)
    held = Membership.objects.active().filter(user=user, division=division, role=role)
    give = partial(Membership.objects.create, user=user, division=division, role=role, title=title)
    return held.first() or make_once(give, held.first)


def revoke(*, membership: Membership, by: User) -> None:
    """Revoke the role with immediate effect; the row stays (soft delete). Raises NotAllowed."""
    check_may_grant(by=by, role=membership.role, division=membership.division)
    Membership.objects.filter(pk=membership.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
