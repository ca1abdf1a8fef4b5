"""How a villager finds a center: by its code, by being near, by having been there before."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse

from centers import codes
from centers.models import Center, Division

COOKIE = "recent"
KEPT = 3
HALF_A_YEAR = 183 * 24 * 3600


def center_or_404(code: str) -> Center:
    """The center that serves the public under this division code."""
    center = codes.is_code(code) and _public().filter(division__code=code, division__valid_to__isnull=True).first()
    if not center:
        raise Http404("no such center")
    return center


def recent(request: HttpRequest) -> list[Center]:
    """The centers that this browser has looked at, latest first."""
    asked = remembered(request)
    found = {center.code: center for center in _public().filter(division__code__in=asked)} if asked else {}
    return [found[code] for code in asked if code in found]


def remembered(request: HttpRequest) -> list[str]:
    return [code for code in request.COOKIES.get(COOKIE, "").split(".")[:KEPT] if codes.is_code(code)]


def remember(request: HttpRequest, response: HttpResponse, center: Center) -> HttpResponse:
    """Keep the center on top of the few that this browser knows. Codes only: nothing about a person."""
    kept = [center.code, *(code for code in remembered(request) if code != center.code)][:KEPT]
    if kept != remembered(request):
        response.set_cookie(
            COOKIE, ".".join(kept), HALF_A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response


def nearby(center: Center | None, count: int = 6) -> list[Center]:
    """Some centers of the same township; of the first township there is, when nobody knows where the reader is."""
    center = center or _public().first()
    return list(_public().within(codes.ancestors(center.code)[-1])[:count]) if center else []


def townships_of(centers: Iterable[Center]) -> dict[str, str]:
    """Names of the townships that the centers lie in, by the township's code."""
    wanted = {codes.ancestors(center.code)[-1] for center in centers}
    return dict(Division.objects.current().filter(code__in=wanted).values_list("code", "name"))


def _public():
    return Center.objects.open_to_public().select_related("division").order_by("division__code")
