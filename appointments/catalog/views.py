"""The public catalog: what can be done, what to bring and how long it takes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appointments.catalog import offered, search
from centers import center_lookup
from centers.forms import FindForm
from centers.models import Center
from portal.anonymous import anonymous_read


@anonymous_read
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    center = _center(request)
    words = FindForm(request.GET).words
    found = offered.items_at(center, words) if center else search.search(None, words)
    groups = [(_("找到这些"), found)] if words and found else offered.by_category(found)
    context = {"center": center, "asked": "center" in request.GET, "words": words, "groups": groups}
    return render(request, "appointments/catalog/items.html", context)


@anonymous_read
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    center = _center(request)
    found = search.find(code, center)
    if found is None:
        # A center of another county may not offer this item; show it without the center.
        center, found = None, search.find(code)
    if found is None:
        raise Http404("no such item")
    context = {"center": center, "asked": "center" in request.GET, "item": found}
    return render(request, "appointments/catalog/item.html", context)


def _center(request: HttpRequest) -> Center | None:
    """The center of the query string, else the one this browser viewed last."""
    if code := request.GET.get("center"):
        return center_lookup.center_or_404(code)
    return next(iter(center_lookup.recent(request)), None)
