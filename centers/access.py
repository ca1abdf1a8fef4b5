"""Authorisation: a user's roles at divisions, and the ranges of division codes that they may see.

Memberships are read on every request, so that revoking a role takes effect on the next one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from centers import codes
from centers.former_codes import center_once_at
from centers.models import Center, Division, FamilyLink, Membership, Staff
from portal.accounts.models import User
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role

# Per-request cache of memberships by user pk; None outside of a request and in requests that write.
_cache: ContextVar[dict[int, list[Membership]] | None] = ContextVar("memberships", default=None)


def cache_memberships(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: one query for memberships per request, not one each for the menu, the rows and the buttons.

    Safe methods only: after a POST that grants or revokes a role, later checks must see the new state.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with asked_once():
            return get_response(request)

    return answer


@contextmanager
def asked_once() -> Iterator[None]:
    """Within it a user's memberships are read once: for what grants and revokes nothing, such as checking a list."""
    before = _cache.set({})
    try:
        yield
    finally:
        _cache.reset(before)


def memberships_of(user: User) -> list[Membership]:
    if not user.is_authenticated:
        return []
    cached = _cache.get()
    if cached is None:
        return _memberships_of(user)
    if user.pk not in cached:
        cached[user.pk] = _memberships_of(user)
    return cached[user.pk]


def _memberships_of(user: User) -> list[Membership]:
    if user.asleep_since:  # whoever has the number now is not known to be who was given the role
        return []
    return list(Membership.objects.active().filter(user=user).select_related("division").order_by("division__code"))


def has_permission(user: User, permission: Permission, *, at: Division | Center | None = None) -> bool:
    """Whether the user has the permission at a place, or anywhere when `at` is None."""
    code = None if at is None else (at.division.code if isinstance(at, Center) else at.code)
    return any(
        permission in ROLE_PERMISSIONS[Role(held.role)] and (code is None or codes.contains(held.division.code, code))
        for held in memberships_of(user)
    )


def permissions_of(user: User) -> set[Permission]:
    """All permissions that the user has at any place."""
    return {permission for held in memberships_of(user) for permission in ROLE_PERMISSIONS[Role(held.role)]}


def permissions_at(user: User, center: Center) -> set[Permission]:
    """All permissions that the user has at a center."""
    return {
        permission
        for held in memberships_of(user)
        if codes.contains(held.division.code, center.division.code)
        for permission in ROLE_PERMISSIONS[Role(held.role)]
    }


# Who gives rights to whom: the highest role that somebody has, and whom they ask.
_ASKED = {
    Role.COUNTY: _("系统管理员"),
    Role.TOWNSHIP: Role.COUNTY.label,
    Role.LIAISON: Role.TOWNSHIP.label,
    Role.MANAGER: Role.TOWNSHIP.label,
}


def superior_of(user: User) -> str:
    """Whom a user asks for rights, in words for them; never themselves."""
    held = {Role(held.role) for held in memberships_of(user)}
    return str(next((words for role, words in _ASKED.items() if role in held), Role.MANAGER.label))


def codes_where(user: User, permission: Permission) -> list[str]:
    """Codes of the divisions at which the user has the permission; it extends to everything below them."""
    return [held.division.code for held in memberships_of(user) if permission in ROLE_PERMISSIONS[Role(held.role)]]


def bounded(queryset: models.QuerySet, path: str, user: User, permission: Permission) -> models.QuerySet:
    """Filter to rows whose division code, at lookup `path`, lies where the user has the permission."""
    return within(queryset, path, codes_where(user, permission))


def centers_for(user: User, permission: Permission) -> models.QuerySet[Center]:
    return bounded(Center.objects.standing().select_related("division"), "division__code", user, permission)


def own_center(user: User, permission: Permission, code: str | None = None) -> Center:
    """The center with division code `code`, or the first at which the user has the permission.

    Also by a code that it had before. Raises Http404 (not 403) for a center at which they lack it, so that its
    existence is not disclosed.
    """
    centers = centers_for(user, permission)
    center = (centers.filter(division__code=code) if code else centers).first()
    if center is None and code:
        once = center_once_at(code)
        center = once if once and has_permission(user, permission, at=once) else None
    if center is None:
        raise Http404("no such center within reach")
    return center


def needs_second_factor(user: User) -> bool:
    """Whether the user has a role that sees more than one village (settings.SECOND_FACTOR_PREDICATE)."""
    return any(held.role in Role.officials for held in memberships_of(user))


def held_codes(user: User) -> list[str] | None:
    """Codes of the divisions where the user has any role; None for superusers, who are not restricted."""
    if user.is_superuser:
        return None
    return [held.division.code for held in memberships_of(user)]


def bounded_for_admin(queryset: models.QuerySet, path: str, user: User) -> models.QuerySet:
    """Filter the admin's rows to those whose division code, at lookup `path`, lies where the user has any role."""
    return within(queryset, path, held_codes(user))


def accounts_within(accounts: models.QuerySet[User], user: User) -> models.QuerySet[User]:
    """Those with a role, a post or a relative where the user has any role, and their own (settings.ACCOUNTS_WITHIN).

    Not by the number of a resident: whoever wrote a stranger's into a list would be told the name of its account.
    """
    if held_codes(user) is None:
        return accounts
    held = bounded_for_admin(Membership.objects.all(), "division__code", user)
    posts = bounded_for_admin(Staff.objects.filter(user__isnull=False), "center__division__code", user)
    relatives = bounded_for_admin(FamilyLink.objects.all(), "resident__division__code", user)
    where = Q(pk=user.pk)
    for rows in (held, posts, relatives):
        where |= Q(pk__in=rows.values("user"))
    return accounts.filter(where)


def within(queryset: models.QuerySet, path: str, held: list[str] | None) -> models.QuerySet:
    """Filter to rows whose division code, at lookup `path`, lies under one of these codes; None are not restricted."""
    if held is None:
        return queryset
    where = Q(pk__in=[])
    for code in held:
        where |= Q(**{f"{path}__range": codes.span(code)})
    return queryset.filter(where)
