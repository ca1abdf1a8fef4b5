"""Market days (赶集) of the villages within reach: set by a village's manager, or by the township."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centers import access
from centers.models import Division, MarketDay, MarketRule
from centers.places import services
from centers.places.forms import MarketForm
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.pagination import page_of
from portal.ui.responses import UNPROCESSABLE

NEXT = 3


@never_cache
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """All rules within reach with their next days, and a form for one more."""
    _require(request)
    divisions = _within(request, Division.objects.current().order_by("code"), "code")
    form = MarketForm(request.POST or None, divisions=divisions)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.add_market(
                division=given["division"], kind=given["calendar"], digits=given["digits"], by=request.user
            )
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            messages.success(request, _("记好了，以后一年的赶集日都排出来了。写错了，在下面去掉，再加一次。"))
            return redirect("manage_markets")
    found = _within(request, MarketRule.objects.select_related("division"), "division__code")
    page = page_of(request, found.order_by("division__code", "pk"))
    context = {"form": form, "page": page, "rows": [(rule, days) for rule, days in _with_days(list(page))]}
    return render(request, "centers/places/markets.html", context, status=UNPROCESSABLE if form.is_bound else None)


@never_cache
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    _require(request)
    rule = _within(request, MarketRule.objects.select_related("division"), "division__code").filter(pk=pk).first()
    if rule is None:
        messages.info(request, _("这一条已经去掉了，或者不归您管。"))
        return redirect("manage_markets")
    if request.method == "POST":
        services.remove_market(rule=rule, by=request.user)
        messages.success(request, _("去掉了，以后的赶集日也不再显示。要加回来，再填一次。"))
        return redirect("manage_markets")
    context = {
        "question": _("去掉%(village)s的“%(rule)s”吗？") % {"village": rule.division.short_name, "rule": rule},
        "consequence": _("中心的页面上就没有这些赶集日了。约好的事不受影响。"),
        "action": _("去掉"),
        "back_url": request.path.rpartition("markets/")[0] + "markets/",
    }
    return render(request, "centers/places/remove.html", context)


def _require(request: HttpRequest) -> None:
    held = access.permissions_of(request.user)
    if held.isdisjoint({Permission.MANAGE_CENTER, Permission.APPROVE_CLOSURE}):
        raise PermissionDenied


def _within(request: HttpRequest, rows: QuerySet, path: str) -> QuerySet:
    """Where the user manages a center or decides for the township."""
    manages = access.bounded(rows, path, request.user, Permission.MANAGE_CENTER)
    return manages | access.bounded(rows, path, request.user, Permission.APPROVE_CLOSURE)


def _with_days(found: list[MarketRule]) -> list[tuple[MarketRule, list]]:
    """Each rule with its next market days."""
    days: dict[int, list] = {rule.pk: [] for rule in found}
    today = timezone.localdate()
    # A month has each of them at least once, whatever the calendar.
    ahead = MarketDay.objects.filter(rule__in=found, date__range=(today, today + timedelta(days=31)))
    for rule, day in ahead.order_by("date").values_list("rule_id", "date"):
        if len(days[rule]) < NEXT:
            days[rule].append(day)
    return [(rule, days[rule.pk]) for rule in found]
