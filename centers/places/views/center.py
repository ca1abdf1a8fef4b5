"""中心资料: what a center says of itself, with the way to all else that its manager sets up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from centers.duty.access import managed, number
from centers.models import Center, MarketRule
from centers.places import services
from centers.places.forms import SAID, CenterForm
from centers.request_access import other_centers
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.responses import UNPROCESSABLE, told


@never_cache
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    center = managed(request)
    # A row of its own: the form writes into it, and the page names the center as it is.
    row = Center.objects.select_related("division", "board_by").get(pk=center.pk)
    form = CenterForm(request.POST or None, instance=row, initial={"seen": services.stored(center)})
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in SAID}
        try:
            services.save(center=center, values=values, seen=form.cleaned_data["seen"], by=request.user)
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            messages.success(request, _("记好了，中心的页面马上照新的来。写错了，在下面“最近改过的”里撤回。"))
            return redirect(_page_of(center))
    context = {
        "center": center,
        "form": form,
        "changes": services.changes(center),
        "rooms": center.rooms.prefetch_related("functions"),
        "markets": MarketRule.objects.filter(division=center.division),
        "others": other_centers(request, Permission.MANAGE_CENTER),
    }
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "centers/places/center.html", context, status=status)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    center = managed(request)
    with told(request, _("撤回了，又和以前一样。")):
        services.undo(center=center, entry=number(request.POST.get("entry")), by=request.user)
    return redirect(_page_of(center))


def _page_of(center: Center) -> str:
    return f"{reverse('manage_center')}?center={center.code}"
