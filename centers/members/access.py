"""Which people with logins a user sees, and whom they may handle.

Everybody with MANAGE_MEMBERS sees who has a role at their divisions and below, and handles those of a lower rank: a
manager the center's agents, a township its villages' managers, a county its townships, the system administrator all.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from centers import access, codes
from centers.models import Division, Membership, Staff
from centers.services import members
from portal.accounts.models import User
from portal.accounts.roles import Permission, Role
from portal.ui.errors import NotAllowed

# Which roles there are at a division of each level.
ROLES_AT = {
    Division.Level.VILLAGE: (Role.PROXY_AGENT, Role.MANAGER, Role.LIAISON),
    Division.Level.TOWNSHIP: (Role.LIAISON, Role.TOWNSHIP),
    Division.Level.COUNTY: (Role.COUNTY,),
}


def require_any(request: HttpRequest) -> None:
    """Raises PermissionDenied for those who manage nobody."""
    if not request.user.is_superuser and not access.codes_where(request.user, Permission.MANAGE_MEMBERS):
        raise PermissionDenied


def within(rows: QuerySet, path: str, user: User) -> QuerySet:
    """Filter to rows whose division code, at lookup `path`, lies where the user manages members."""
    return rows if user.is_superuser else access.bounded(rows, path, user, Permission.MANAGE_MEMBERS)


def places(user: User) -> QuerySet[Division]:
    """Where somebody may be invited to: townships, villages and counties in reach, where the user may give any role."""
    reach = within(Division.objects.current(), "code", user).filter(level__in=ROLES_AT).order_by("code")
    if user.is_superuser:
        return reach
    may_give = Q(pk__in=[])
    for level, roles in ROLES_AT.items():
        for held in access.memberships_of(user):
            if set(roles) & set(members.roles_to_grant(by=user, division=held.division)):
                may_give |= Q(level=level, code__range=codes.span(held.division.code))
    return reach.filter(may_give)


def place_for(request: HttpRequest, code: str) -> Division:
    """The division of ?at=; 404 if nobody may be invited there by this user."""
    if not codes.is_code(code):
        raise Http404("not a division code")
    return get_object_or_404(places(request.user), code=code)


def roles_for(user: User, division: Division) -> list[Role]:
    """The roles that the user may give at this division."""
    given = members.roles_to_grant(by=user, division=division)
    return [role for role in ROLES_AT.get(division.level, ()) if role in given]


def member_for(request: HttpRequest, pk: int) -> User:
    """Somebody who holds or held a role in reach; else 404. 403 for those who manage nobody."""
    require_any(request)
    seen = within(Membership.objects.all(), "division__code", request.user)
    return get_object_or_404(User, pk=pk, pk__in=seen.values("user"))


def post_for(request: HttpRequest, pk: int) -> Membership:
    """A role in reach, held or ended; 404 and 403 as above."""
    require_any(request)
    rows = Membership.objects.select_related("user", "division", "left_with__center__division")
    return get_object_or_404(within(rows, "division__code", request.user), pk=pk)


def posts_of(member: User, user: User) -> QuerySet[Membership]:
    """All roles of a member that the user sees, the held ones first, then what ended last."""
    rows = within(Membership.objects.filter(user=member), "division__code", user).select_related("division", "user")
    return rows.order_by("-revoked_at", "division__code")


def roster_of(member: User, user: User) -> QuerySet[Staff]:
    rows = Staff.objects.working().filter(user=member).select_related("center__division")
    return within(rows, "center__division__code", user)


def check_may_secure(*, by: User, member: User) -> None:
    """Whether `by` may reset, disable or change the number of an account. Raises NotAllowed.

    All of an account is opened by this, so all of its posts must be below `by`: whoever could reset a colleague with a
    second post above them would have taken that post over.
    """
    posts = Membership.objects.held().filter(user=member).select_related("division")
    if refusal := _refusal(by, members.Reach(by), member, list(posts)):
        raise refusal


def may_secure(*, by: User, member: User) -> bool:
    return secured([member], by=by) == {member.pk}


def secured(people: Iterable[User], *, by: User) -> set[int]:
    """Primary keys of those whom `check_may_secure` lets through, in one query."""
    people, reach = list(people), members.Reach(by)
    posts: dict[int, list[Membership]] = {}
    for post in Membership.objects.held().filter(user__in=people).select_related("division"):
        posts.setdefault(post.user_id, []).append(post)
    return {one.pk for one in people if not _refusal(by, reach, one, posts.get(one.pk, []))}


def _refusal(by: User, reach: members.Reach, member: User, posts: list[Membership]) -> NotAllowed | None:
    if by.pk == member.pk:
        return NotAllowed(_("自己的账户不能自己重设，请找上一级。"))
    if by.is_superuser:
        return None
    if member.is_superuser or member.is_staff:
        return NotAllowed(_("这是系统管理员的账户，请找系统管理员。"))
    if not posts:
        return NotAllowed(_("这个人现在没有职务，不归您管了。"))
    for post in posts:
        if post.role not in reach.roles_at(post.division):
            return NotAllowed(
                _("%(name)s还是%(place)s的%(role)s，这要由上一级来做。"),
                name=str(member),
                place=post.division.short_name,
                role=post.get_role_display(),
            )
    return None
