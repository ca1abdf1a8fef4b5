"""A center's opening hours: before a change is saved, the page says whom it touches."""

from collections.abc import Callable
from contextlib import nullcontext
from copy import copy
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from appointments.settling import services as settling
from appointments.settling.forms import HoursForm, TellForm
from appointments.settling.telling import staff_will_call
from centers.duty.access import managed
from centers.models import Center, OpeningRule
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
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else None
        return render(request, "appointments/settling/hours_form.html", {"center": center, "form": form}, status=status)
    return _save(request, center, lambda: copy(rule).save(), form)


@never_cache
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    center = managed(request)
    rule = OpeningRule.objects.filter(center=center, pk=pk).first()
    if rule is None:
        return _is_gone(request, center)
    return _save(request, center, partial(_delete, rule), None)


def _save(request: HttpRequest, center: Center, change: Callable[[], object], form: HoursForm | None) -> HttpResponse:
    """Save, unless people are touched and nobody has said how they are told.

    `change` runs two times, and the first is rolled back: it works on rows of its own, because a saved instance would
    keep the primary key that SQLite then gives to somebody else's.
    """
    tell = TellForm(request.POST if "sure" in request.POST else None)
    touched = settling.whom_it_touches(center, change)
    is_asked = form is not None or request.method == "POST"
    if is_asked and (not touched or tell.is_valid()):
        with staff_will_call() if touched and tell.by_call else nullcontext():
            change()
        said = _("开放时间改好了，能约的时间和中心页面马上照新的来；排了班、但没有人值班的半天还是不开门。")
        messages.success(request, said)
        return redirect(f"{reverse('desk_settle')}?center={center.code}" if touched else _list_of(center))
    context = {
        "center": center,
        "touched": touched,
        "form": tell if touched else None,
        "typed": [(name, value) for name, value in request.POST.items() if name in (form.fields if form else ())],
        "question": _("这样改吗？") if form else _("删掉这一段开放时间吗？"),
        "consequence": _("这会碰到%(number)s个预约：他们约的时间不开门了。") % {"number": len(touched)}
        if touched
        else "",
        "action": _("照这样改") if form else _("删掉"),
        "back_url": _list_of(center),
    }
    return render(request, "appointments/settling/ask.html", context, status=UNPROCESSABLE if tell.is_bound else None)


def _is_gone(request: HttpRequest, center: Center) -> HttpResponse:
    messages.info(request, _("这一段已经删掉了。"))
    return redirect(_list_of(center))


def _delete(rule: OpeningRule) -> None:
    # By query: Model.delete() would clear the key of the instance, which is used again after the rehearsal.
    for one in OpeningRule.objects.filter(pk=rule.pk):
        one.delete()


def _list_of(center: Center) -> str:
    return f"{reverse('duty_hours')}?center={center.code}"
