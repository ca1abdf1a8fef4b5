"""Whose items somebody may keep: those of the county in which they hold the role, and of all that lies in it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from appointments.catalog import drafts
from appointments.catalog.drafts import Item
from centers import access, codes
from centers.models import Division
from portal.accounts.roles import Permission


def own_divisions(request: HttpRequest) -> list[Division]:
    """The divisions whose catalog the user keeps, in the order of their codes. 403 for users without any."""
    held = access.codes_where(request.user, Permission.MANAGE_CATALOG)
    if not held:
        raise PermissionDenied
    return list(Division.objects.current().filter(code__in=held).order_by("code"))


def chosen_division(request: HttpRequest) -> Division:
    """That of ?at=, or the first. 404 for a code that is not one of the user's own."""
    own = own_divisions(request)
    asked = request.GET.get("at")
    found = next((division for division in own if division.code == asked), None) if asked else next(iter(own), None)
    if found is None:
        raise Http404("no such division within reach")
    return found


def kept_division(request: HttpRequest, place: str) -> Division:
    """A division within those; 404 for others, 403 for users without any."""
    own = own_divisions(request)
    if not codes.is_code(place) or not any(codes.contains(division.code, place) for division in own):
        raise Http404("no such division within reach")
    found = Division.objects.current().filter(code=place).first()
    if found is None:
        raise Http404("no such division")
    return found


def switched_division(request: HttpRequest, place: str | None = None) -> Division:
    """The township in which the user switches items: `place`, else that of ?at=, else the first. 403 or 404."""
    held = access.codes_where(request.user, Permission.SWITCH_ITEMS)
    if not held:
        raise PermissionDenied
    asked = place or request.GET.get("at")
    found = Division.objects.current().filter(code__in=held).order_by("code")
    division = found.filter(code=asked).first() if asked in held else None if asked else found.first()
    if division is None:
        raise Http404("no such division within reach")
    return division


def kept_item(request: HttpRequest, place: str, code: str) -> Item:
    item = drafts.find(kept_division(request, place), code)
    if item is None:
        raise Http404("no such item")
    return item
