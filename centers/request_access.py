"""The center or resident that a request is about, with the permission check (403 or 404)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from centers import access, codes
from centers.models import Center, Resident
from portal.accounts.roles import Permission


def center_for(request: HttpRequest, permission: Permission) -> Center:
    """The center of ?center=, or the user's first. 403 without the permission anywhere, 404 without it there."""
    if not access.codes_where(request.user, permission):
        raise PermissionDenied
    asked = request.GET.get("center", "")
    if asked and not codes.is_code(asked):
        raise Http404("not a division code")
    return access.own_center(request.user, permission, asked or None)


def require(request: HttpRequest, permission: Permission, center: Center) -> None:
    if not access.has_permission(request.user, permission, at=center):
        raise PermissionDenied


def resident_for(
    request: HttpRequest, pk: int, permission: Permission = Permission.BOOK_FOR_OTHERS
) -> tuple[Center, Resident]:
    """A resident for whom the user may book or handle a case, and the center of the resident's village. 403 or 404."""
    if not access.codes_where(request.user, permission):
        raise PermissionDenied
    centers = access.centers_for(request.user, permission)
    resident = get_object_or_404(Resident, pk=pk, division__in=centers.values("division"))
    return centers.get(division=resident.division_id), resident
