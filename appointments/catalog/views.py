"""What can be done, what to bring and how long it takes: public, for anybody who can read it or have it read."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appointments.catalog import offered, search
from centers import center_lookup
from centers.forms import FindForm
from centers.models import Center


@login_not_required
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    center = _center(request)
    words = FindForm(request.GET).words
    found = offered.items_at(center, words) if center else search.search(None, words)
    groups = [(_("找到这些"), found)] if words and found else offered.by_category(found)
    context = {"center": center, "asked": "center" in request.GET, "words": words, "groups": groups}
    return render(request, "appointments/catalog/items.html", context)


@login_not_required
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    center = _center(request)
    found = search.find(code, center)
    if found is None:
        # A center of another county knows it by another name or not at all; the page is still worth reading.
        center, found = None, search.find(code)
    if found is None:
        raise Http404("no such item")
    context = {"center": center, "asked": "center" in request.GET, "item": found}
    return render(request, "appointments/catalog/item.html", context)


def _center(request: HttpRequest) -> Center | None:
    """The center asked for in the address, else the one that this browser looked at last."""
    if code := request.GET.get("center"):
        return center_lookup.center_or_404(code)
    return next(iter(center_lookup.recent(request)), None)
