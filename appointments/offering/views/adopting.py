"""Adopting items of the starter catalog: one, several or all, each read before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from appointments.catalog import starter
from appointments.catalog.offered import by_category
from appointments.offering.access import chosen_division
from appointments.offering.forms import StarterForm
from centers import codes
from centers.models import Center
from portal.ui.errors import RuleBroken
from portal.ui.responses import UNPROCESSABLE


@never_cache
@require_http_methods(["GET", "POST"])
def starters(request: HttpRequest) -> HttpResponse:
    """The list; POST shows what is about to be adopted, and with `sure` adopts it."""
    division = chosen_division(request)
    left = starter.not_adopted(division)
    if request.method == "GET":
        return _list_page(request, division, left, StarterForm(items=left))
    wanted = [item.code for item in left] if "all" in request.POST else request.POST.getlist("codes")
    if "sure" in request.POST:
        return _adopt(request, division, wanted)
    form = StarterForm({"codes": wanted}, items=left)
    if not form.is_valid():
        return _list_page(request, division, left, form, status=UNPROCESSABLE)
    chosen = [item for item in left if item.code in wanted]
    centers = Center.objects.standing().filter(is_active=True, division__code__range=codes.span(division.code))
    context = {"division": division, "groups": by_category(chosen), "chosen": chosen, "centers": centers.count()}
    return render(request, "appointments/offering/adopt.html", context)


def _adopt(request: HttpRequest, division, wanted: list[str]) -> HttpResponse:
    """Whoever taps twice, or after a colleague, reads what stood there already."""
    try:
        adopted = starter.adopt(division=division, codes=wanted, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('manage_starters')}?at={division.code}")
    if adopted.new:
        messages.success(request, _("采用了%(number)d件，群众现在就能约。") % {"number": len(adopted.new)})
    if adopted.stood:
        messages.info(request, _("另有%(number)d件已经有了，没有动。") % {"number": len(adopted.stood)})
    return redirect("manage_items")


def _list_page(request: HttpRequest, division, left, form: StarterForm, *, status: int = 200) -> HttpResponse:
    chosen = set(form.data.get("codes", [])) if form.is_bound else set()
    context = {"division": division, "groups": by_category(left), "number": len(left), "form": form, "chosen": chosen}
    return render(request, "appointments/offering/starters.html", context, status=status)
