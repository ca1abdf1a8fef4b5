"""Where an official looks: the divisions of their reach, or one of them."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from centers import access, codes
from centers.figures import Period
from centers.models import Division
from portal.accounts.roles import Permission


def scope_of(request: HttpRequest, asked: str) -> tuple[Division | None, list[str]]:
    """The division asked for, if any, and the codes to look under. 403 without the right, 404 out of reach."""
    reach = access.codes_where(request.user, Permission.VIEW_OVERSIGHT)
    if not reach:
        raise PermissionDenied
    if not asked:
        return None, reach
    if not codes.is_code(asked) or not any(codes.contains(code, asked) for code in reach):
        raise Http404("out of reach")
    division = Division.objects.filter(code=asked).order_by("-valid_from").first()
    if division is None:
        raise Http404("no such division")
    return division, [asked]


def trail_of(request: HttpRequest, under: Division | None) -> list[Division]:
    """The divisions above, as far as the person's reach goes."""
    if under is None:
        return []
    reach = access.codes_where(request.user, Permission.VIEW_OVERSIGHT)
    above = [code for code in codes.ancestors(under.code) if any(codes.contains(held, code) for held in reach)]
    return list(Division.objects.current().filter(code__in=above).order_by("code"))


def span_of(period: Period) -> str:
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()})
