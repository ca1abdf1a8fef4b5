"""The scope of an oversight page: all divisions that the official may see, or one within them."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from centers import access, codes
from centers.figures import Period
from centers.former_codes import Moved, division_at
from centers.models import Division
from portal.accounts.roles import Permission


def scope_of(request: HttpRequest, asked: str) -> tuple[Division | None, list[str]]:
    """The division asked for, if any, and the codes of the scope. 403 without the permission, 404 outside of it.

    Raises Moved for one that has another code now.
    """
    reach = access.codes_where(request.user, Permission.VIEW_OVERSIGHT)
    if not reach:
        raise PermissionDenied
    if not asked:
        return None, reach
    division = division_at(asked) if codes.is_code(asked) else None
    if division is None or not any(codes.contains(code, division.code) for code in reach):
        raise Http404("no such division within reach")
    if division.code != asked:
        raise Moved(asked, division.code)
    return division, [asked]


def trail_of(request: HttpRequest, under: Division | None) -> list[Division]:
    """Breadcrumbs: the divisions above that the official may see."""
    if under is None:
        return []
    reach = access.codes_where(request.user, Permission.VIEW_OVERSIGHT)
    above = [code for code in codes.ancestors(under.code) if any(codes.contains(held, code) for held in reach)]
    return list(Division.objects.current().filter(code__in=above).order_by("code"))


def span_of(period: Period) -> str:
    """The period as a query string."""
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()})
