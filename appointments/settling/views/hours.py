"""A center's opening hours: before a change is saved, the page says whom it touches."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from appointments.settling.asking import change_or_ask
from appointments.settling.forms import HoursForm, stored
from centers.duty.access import managed
from centers.models import Center, OpeningRule
from centers.services import hours
from portal.ui.errors import RuleBroken
from portal.ui.responses import UNPROCESSABLE


@never_cache
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    center = managed(request)
    listed = OpeningRule.objects.filter(center=center).order_by("weekday", "season_start", "opens")
    context = {"center": center, "rules": listed, "can_manage": True, "works_here": True}
    return render(request, "appointments/settling/hours.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a rule. A first POST that touches somebody answers with a page that asks once more."""
    center = managed(request)
    rule = OpeningRule(center=center) if pk is None else OpeningRule.objects.filter(center=center, pk=pk).first()
    if rule is None:
        return _is_gone(request, center)
    form = HoursForm(request.POST or None, instance=rule)
    if form.is_valid():
        try:
            return _save(request, center, partial(hours.save, rule=rule), deletes=False)
        except RuleBroken as broken:
            broken.add_to(form)
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "appointments/settling/hours_form.html", {"center": center, "form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    center = managed(request)
    rule = OpeningRule.objects.filter(center=center, pk=pk).first()
    if rule is None:
        return _is_gone(request, center)
    return _save(request, center, partial(hours.delete, rule=rule), deletes=True, version=stored(rule))


def _save(
    request: HttpRequest, center: Center, change: Callable[[], object], *, deletes: bool, version: str = ""
) -> HttpResponse:
    """Save, or ask first: whoever deletes is always asked."""
    made = change_or_ask(
        request,
        change,
        question=_("删掉这一段开放时间吗？") if deletes else _("这样改吗？"),
        action=_("删掉") if deletes else _("照这样改"),
        back_url=_list_of(center),
        always=request.method == "GET",
        version=version,
    )
    if made.page:
        return made.page
    said = _("开放时间改好了，能约的时间和中心页面马上照新的来；排了班、但没有人值班的半天还是不开门。")
    messages.success(request, said)
    return redirect(f"{reverse('desk_settle')}?center={center.code}" if made.touched else _list_of(center))


def _is_gone(request: HttpRequest, center: Center) -> HttpResponse:
    messages.info(request, _("这一段已经删掉了。"))
    return redirect(_list_of(center))


def _list_of(center: Center) -> str:
    return f"{reverse('duty_hours')}?center={center.code}"
