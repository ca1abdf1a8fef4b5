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

# Ascending: nobody can grant a role above their own (no privilege escalation).
RANKS = [Role.PROXY_AGENT, Role.MANAGER, Role.LIAISON, Role.TOWNSHIP, Role.COUNTY]


def check_may_grant(*, by: User, role: str, division: Division) -> None:
    """Raises NotAllowed unless `by` may manage members at that division with a role of at least that rank."""
    if by.is_superuser:
        return
    for held in memberships_of(by):
        own = Role(held.role)
        manages = Permission.MANAGE_MEMBERS in ROLE_PERMISSIONS[own] and codes.contains(
            held.division.code, division.code
        )
        if manages and RANKS.index(own) >= RANKS.index(Role(role)):
            return
    raise NotAllowed(_("您不能在%(place)s授予“%(role)s”。"), place=division.name, role=Role(role).label)


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
