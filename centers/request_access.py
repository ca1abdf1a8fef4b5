"""Access to a center from a request: which one it is about, and whether the person may do this there."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from centers import access, codes
from centers.models import Center, Resident
from portal.accounts.roles import Permission


def center_for(request: HttpRequest, permission: Permission) -> Center:
    """The center that ?center= names, or the person's first. 403 without the right anywhere, 404 out of reach."""
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
    """Somebody whom the person may book for or carry a case for, and the center of their village."""
    if not access.codes_where(request.user, permission):
        raise PermissionDenied
    centers = access.centers_for(request.user, permission)
    resident = get_object_or_404(Resident, pk=pk, division__in=centers.values("division"))
    return centers.get(division=resident.division_id), resident
