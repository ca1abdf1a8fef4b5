"""Which centers to offer a villager: by code, recently visited (cookie), or nearby."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Left
from django.http import Http404, HttpRequest, HttpResponse

from centers import codes
from centers.former_codes import Moved, center_once_at, codes_before
from centers.models import Center, Division
from portal.prepared import Prepared

KEPT = 3
HALF_A_YEAR = 183 * 24 * 3600


def center_or_404(code: str) -> Center:
    """The public center with this division code. Raises Http404, or Moved if it has another code now."""
    center = find(code)
    if center.code != code:
        raise Moved(code, center.code)
    return center


def find(code: str) -> Center:
    """The public center that has this code, or had it. Raises Http404.

    A center whose division has ended keeps its address until it is re-homed.
    """
    if not codes.is_code(code):
        raise Http404("not a division code")
    found = _open_center(code=code)
    center = found[0] if found else center_once_at(code)
    if center is None or not center.is_active:
        raise Http404("no such center")
    return center


@Prepared
def _open_center(code: str):
    return _public().filter(division__code=code).order_by(F("division__valid_to").desc(nulls_first=True))[:1]


def recent(request: HttpRequest) -> list[Center]:
    """The centers that this browser has visited, latest first, also under a code that they had then."""
    asked = remembered(request)
    found = {center.code: center for center in _public().filter(division__code__in=asked)} if asked else {}
    for code in asked:
        if code not in found and (center := center_once_at(code)) and center.is_active:
            found[code] = center
    return list(dict.fromkeys(found[code] for code in asked if code in found))


def remembered(request: HttpRequest) -> list[str]:
    return [code for code in request.COOKIES.get(settings.RECENT_COOKIE, "").split(".")[:KEPT] if codes.is_code(code)]


def remember(request: HttpRequest, response: HttpResponse, center: Center) -> HttpResponse:
    """Put the center first in the cookie of recent ones, which holds division codes only and no personal data.

    For browsers without script: with it, a page marked data-recent does so itself and sets no cookie for everybody.
    """
    kept = [center.code, *(code for code in remembered(request) if code != center.code)][:KEPT]
    if kept != remembered(request):
        before = codes_before(center) if len(kept) > 1 else ()
        known = ".".join(code for code in kept if code == center.code or code not in before)
        response.set_cookie(settings.RECENT_COOKIE, known, HALF_A_YEAR, secure=request.is_secure(), samesite="Lax")
    return response


def nearby(center: Center | None) -> list[Center]:
    """Up to six centers of the same township; of the first township when `center` is None."""
    center = center or next(iter(_first()), None)
    if not center:
        return []
    first, last = codes.span(codes.ancestors(center.code)[-1])
    return _nearby(first=first, last=last)


@Prepared
def _first():
    return _public()[:1]


@Prepared
def _nearby(first: str, last: str):
    return _public().filter(division__code__gte=first, division__code__lte=last)[:6]


def phone_of(center: Center) -> str:
    """A number to ask whether somebody is there: the center's, else one of its township; empty if there is none."""
    if center.phone:
        return center.phone
    above = Center.objects.filter(division__code=codes.ancestors(center.code)[-1]).exclude(phone="")
    return above.values_list("phone", flat=True).first() or ""


def with_phone(rows: QuerySet) -> QuerySet:
    """Of rows with a center: annotates `township_phone`, so that `phone_for` needs no query a row."""
    township = Concat(Left(OuterRef("center__division__code"), codes.LENGTHS[3]), Value("000"))
    above = Center.objects.filter(division__code=township).exclude(phone="")
    return rows.annotate(township_phone=Subquery(above.values("phone")[:1]))


def phone_for(row) -> str:
    """`phone_of` the present center of a row; without a query for a row of `with_phone`."""
    if hasattr(row, "township_phone"):
        return row.center.present.phone or row.township_phone or ""
    return phone_of(row.center.present)


def townships_of(centers: Iterable[Center]) -> dict[str, str]:
    """Names of the centers' townships by township code."""
    wanted = {codes.ancestors(center.code)[-1] for center in centers}
    # The current one last; an ended one for a center that is not re-homed yet.
    rows = Division.objects.filter(code__in=wanted).order_by(F("valid_to").asc(nulls_last=True))
    return dict(rows.values_list("code", "name"))


def _public():
    return Center.objects.open_to_public().select_related("division").order_by("division__code")
