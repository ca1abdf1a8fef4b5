"""What the villages of a township offer: each item with the villages that do not, switched off and on for all of it."""

from collections import Counter
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from appointments.catalog import opting_out
from appointments.catalog.models import ItemOptOut, ServiceItem
from appointments.catalog.offered import by_category
from appointments.offering.access import switched_division
from appointments.offering.reach import reach_of
from centers import codes
from centers.days.asking import change_or_ask
from centers.models import Center, Division
from portal.ui.errors import RuleBroken
from portal.ui.responses import told


@never_cache
@require_safe
def offered(request: HttpRequest) -> HttpResponse:
    division = switched_division(request)
    outs = _outs(division)
    here = {out.code for out in outs if out.division_id == division.pk}
    villages = Counter(out.code for out in outs if out.division_id != division.pk)
    groups = [
        (name, [(item, item.code in here, villages[item.code]) for item in items])
        for name, items in by_category(_items(division))
    ]
    context = {"division": division, "groups": groups}
    return render(request, "appointments/offering/offered.html", context)


@never_cache
@require_safe
def offered_item(request: HttpRequest, place: str, code: str) -> HttpResponse:
    division, item = _item(request, place, code)
    outs = {out.division_id: out for out in _outs(division) if out.code == code}
    span = codes.span(division.code)
    centers = Center.objects.standing().filter(is_active=True, division__code__range=span).select_related("division")
    context = {
        "division": division,
        "item": item,
        "out": outs.get(division.pk),
        "villages": [(center, outs.get(center.division_id)) for center in centers.order_by("division__code")],
    }
    return render(request, "appointments/offering/offered_item.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def off(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Asks first, whoever is touched."""
    division, item = _item(request, place, code)
    back = reverse("manage_offered_item", args=[place, code])
    reach = reach_of(division, code)
    try:
        made = change_or_ask(
            request,
            partial(opting_out.opt_out, division=division, code=code, by=request.user),
            question=_("%(place)s都不办“%(item)s”？") % {"place": division.short_name, "item": item},
            action=_("就都不办"),
            back_url=back,
            always="sure" not in request.POST,
            version=str(item.pk),
            notes=reach.if_ended(),
        )
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if made.page:
        return made.page
    messages.success(request, _("“%(item)s”全镇都不办了。点错了，点“恢复办理”。") % {"item": item})
    return redirect(back)


@require_POST
def on(request: HttpRequest, place: str, code: str) -> HttpResponse:
    division, item = _item(request, place, code)
    with told(request, _("“%(item)s”又能办了，停的时候告诉过的人会收到消息。") % {"item": item}):
        opting_out.opt_in(division=division, code=code, by=request.user)
    return redirect("manage_offered_item", place, code)


def _items(division: Division) -> list[ServiceItem]:
    """Current items of the divisions above, also those that are switched off; of each code the nearest."""
    line = list(codes.line(division.code).values())
    current = ServiceItem.objects.current().filter(division__code__in=line).order_by("division__code", "pk")
    return list({item.code: item for item in current}.values())


def _item(request: HttpRequest, place: str, code: str) -> tuple[Division, ServiceItem]:
    division = switched_division(request, place)
    item = next((item for item in _items(division) if item.code == code), None)
    if item is None:
        raise Http404("no such item in this township")
    return division, item


def _outs(division: Division) -> list[ItemOptOut]:
    rows = ItemOptOut.objects.current().filter(division__code__range=codes.span(division.code))
    return list(rows.select_related("division", "by"))
