"""Addresses under a code that a center or a division had before: a code is an address and names nobody for ever.

A code that another village has now is that village's. Everything else that ever named a center still leads to it.
"""

from collections.abc import Callable

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from centers.models import Center, Division, FormerCode, Succession


class Moved(Exception):
    """What the request names by the code `old` is at `new` now. Raised by views that found it; answered below."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        super().__init__(f"{old} is at {new}")


def center_once_at(code: str) -> Center | None:
    """The center that had this code before, or the one into which it was merged; None if a village has the code now."""
    if Division.objects.current().filter(code=code).exists():
        return None
    had = FormerCode.objects.filter(code=code).select_related("center__division", "center__leads_to__division").first()
    return had and had.center.present


def codes_before(center: Center) -> set[str]:
    """Of the center, and of those that were merged into it."""
    theirs = FormerCode.objects.filter(Q(center=center) | Q(center__leads_to=center))
    return set(theirs.order_by().values_list("code", flat=True))


def division_at(code: str) -> Division | None:
    """The current division of a code, or the one in which that of the code goes on; else the last that had the code."""
    found = Division.objects.filter(code=code).order_by(F("valid_to").desc(nulls_first=True), "-pk").first()
    while found is not None and found.valid_to is not None:
        went = Succession.objects.filter(old=found, goes_on=True).select_related("new").first()
        if went is None:
            break
        found = went.new
    return found


class Middleware:
    """Answers Moved: 301, or 308 for a form, which the browser then sends again to the present address.

    Never cached: the code may be another village's tomorrow.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Moved):
            return None
        response = HttpResponsePermanentRedirect(_present(request, exception.old, exception.new))
        response.status_code = 301 if request.method in ("GET", "HEAD") else 308
        response["Cache-Control"] = "no-cache"
        return response


def _present(request: HttpRequest, old: str, new: str) -> str:
    path = "/".join(new if part == old else part for part in request.path.split("/"))
    query = request.GET.copy()
    for name, values in query.lists():
        query.setlist(name, [new if value == old else value for value in values])
    return f"{path}?{query.urlencode()}" if query else path


def content_location(request: HttpRequest, response: HttpResponse, asked: str, present: str) -> HttpResponse:
    """The API answers under a former code, and says which address it has now (RFC 9110, Content-Location)."""
    if asked != present:
        response["Content-Location"] = _present(request, asked, present)
    return response
