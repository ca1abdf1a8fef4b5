"""What a person may see and do: roles at divisions, and the code ranges that follow from them.

Asked anew on every request, so that a revoked role is refused on the next one.
"""

from collections.abc import Callable
from contextvars import ContextVar

from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse

from centers import codes
from centers.models import Center, Division, Membership
from portal.accounts.models import User
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role

# What was cached while a page is being read, by the person's pk; None where nothing may be kept.
_cache: ContextVar[dict[int, list[Membership]] | None] = ContextVar("memberships", default=None)


def cache_memberships(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: roles are asked for once a page and not for its menu, its rows and its buttons again.

    Only where nothing is changed: a POST that gives or takes a role judges what follows by what then holds.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        before = _cache.set({})
        try:
            return get_response(request)
        finally:
            _cache.reset(before)

    return answer


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
    return list(Membership.objects.active().filter(user=user).select_related("division").order_by("division__code"))


def has_permission(user: User, permission: Permission, *, at: Division | Center | None = None) -> bool:
    """Whether the person holds the permission at a place, or anywhere when no place is given."""
    code = None if at is None else (at.division.code if isinstance(at, Center) else at.code)
    return any(
        permission in ROLE_PERMISSIONS[Role(held.role)] and (code is None or codes.contains(held.division.code, code))
        for held in memberships_of(user)
    )


def permissions_of(user: User) -> set[Permission]:
    """All that the person may do somewhere."""
    return {permission for held in memberships_of(user) for permission in ROLE_PERMISSIONS[Role(held.role)]}


def permissions_at(user: User, center: Center) -> set[Permission]:
    """All that the person may do at a center, asked once for a page that needs several."""
    return {
        permission
        for held in memberships_of(user)
        if codes.contains(held.division.code, center.division.code)
        for permission in ROLE_PERMISSIONS[Role(held.role)]
    }


def codes_where(user: User, permission: Permission) -> list[str]:
    """Codes of the divisions at which the person holds the permission."""
    return [held.division.code for held in memberships_of(user) if permission in ROLE_PERMISSIONS[Role(held.role)]]


def bounded(queryset: models.QuerySet, path: str, user: User, permission: Permission) -> models.QuerySet:
    """Keep the rows whose division code, found at `path`, lies where the person holds the permission."""
    return _within(queryset, path, codes_where(user, permission))


def centers_for(user: User, permission: Permission) -> models.QuerySet[Center]:
    return bounded(Center.objects.select_related("division"), "division__code", user, permission)


def own_center(user: User, permission: Permission, code: str | None = None) -> Center:
    """The center that the person is working at: the one asked for, or their first.

    Raises Http404 for a center out of their reach, so that strangers cannot tell what exists.
    """
    centers = centers_for(user, permission)
    center = (centers.filter(division__code=code) if code else centers).first()
    if center is None:
        raise Http404("no such center within reach")
    return center


def needs_second_factor(user: User) -> bool:
    """Officials of township and county see many people's data: a password alone is not enough for them."""
    return any(held.role in Role.officials for held in memberships_of(user))


def held_codes(user: User) -> list[str] | None:
    """Codes of the divisions where the person holds any role; None for system administrators, who reach everything."""
    if user.is_superuser:
        return None
    return [held.division.code for held in memberships_of(user)]


def bounded_for_admin(queryset: models.QuerySet, path: str, user: User) -> models.QuerySet:
    """The rows whose division code, found at `path`, lies where the user holds any role: what the admin lists."""
    held = held_codes(user)
    return queryset if held is None else _within(queryset, path, held)


def _within(queryset: models.QuerySet, path: str, held: list[str]) -> models.QuerySet:
    where = Q(pk__in=[])
    for code in held:
        where |= Q(**{f"{path}__range": codes.span(code)})
    return queryset.filter(where)
