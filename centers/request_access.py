"""The center or resident that a request is about, with the permission check (403 or 404)."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from centers import access, codes
from centers.former_codes import Moved
from centers.models import Center, Resident
from portal.accounts.roles import Permission

Row = TypeVar("Row", bound=Model)


def center_for(request: HttpRequest, permission: Permission) -> Center:
    """The center of ?center=, or the user's first. 403 without the permission anywhere, 404 without it there.

    Raises Moved for one that has another code now.
    """
    center = center_for_data(request, permission)
    if (asked := request.GET.get("center")) and asked != center.code:
        raise Moved(asked, center.code)
    return center


def center_for_data(request: HttpRequest, permission: Permission) -> Center:
    """As `center_for`, without Moved: for a device that has stored the code and takes a redirect for a sign-in page."""
    if not access.codes_where(request.user, permission):
        raise PermissionDenied
    asked = request.GET.get("center", "")
    if asked and not codes.is_code(asked):
        raise Http404("not a division code")
    return access.own_center(request.user, permission, asked or None)


def other_centers(request: HttpRequest, permission: Permission) -> list[Center]:
    """The centers between which the user can switch; empty if there is only one."""
    centers = list(access.centers_for(request.user, permission).order_by("division__code"))
    return centers if len(centers) > 1 else []


def require(request: HttpRequest, permission: Permission, center: Center) -> None:
    if not access.has_permission(request.user, permission, at=center):
        raise PermissionDenied


def seen_row(request: HttpRequest, rows: QuerySet[Row], pk: int, path: str = "center__division__code") -> Row:
    """The row, if the user may see the day of its center; else 404. `path` is the field path to the division code."""
    return get_object_or_404(access.bounded(rows, path, request.user, Permission.VIEW_DAY), pk=pk)


def row_for(request: HttpRequest, rows: QuerySet[Row], pk: int, permission: Permission) -> Row:
    """`seen_row`, and 403 if the user may see the row but does not have the permission."""
    row = seen_row(request, rows, pk)
    require(request, permission, row.center)
    return row


def resident_for(
    request: HttpRequest, pk: int, permission: Permission = Permission.BOOK_FOR_OTHERS
) -> tuple[Center, Resident]:
    """A resident for whom the user may book or handle a case, and the center of the resident's village. 403 or 404."""
    if not access.codes_where(request.user, permission):
        raise PermissionDenied
    centers = access.centers_for(request.user, permission)
    resident = get_object_or_404(Resident, pk=pk, division__in=centers.values("division"))
    return centers.get(division=resident.division_id), resident
