"""A center does not offer an item, or offers it again; with whom it touches before."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from appointments.catalog import opting_out
from appointments.catalog.offered import item_or_404
from appointments.offering.reach import reach_of
from centers.days.asking import change_or_ask
from centers.duty.access import managed
from centers.models import Center
from portal.ui.errors import RuleBroken
from portal.ui.responses import told


@never_cache
@require_http_methods(["GET", "POST"])
def off(request: HttpRequest, code: str) -> HttpResponse:
    """Asks first, whoever is touched."""
    center = managed(request)
    item = item_or_404(center, code)
    cases = reach_of(center.division, code).cases
    try:
        made = change_or_ask(
            request,
            partial(opting_out.opt_out, division=center.division, code=code, by=request.user),
            question=_("%(place)s不办“%(item)s”？") % {"place": center.name, "item": item},
            action=_("就不办"),
            back_url=f"{reverse('duty_agents', args=[code])}?center={center.code}",
            always="sure" not in request.POST,
            version=str(item.pk),
            notes=[
                _("这里网上和窗口都约不到，别的村照常办。"),
                *([_("正在代办的%(number)d件不受影响，照常办完。") % {"number": cases}] if cases else []),
            ],
        )
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(_list_of(center))
    if made.page:
        return made.page
    messages.success(request, _("“%(item)s”这里不办了。点错了，在最下面点“恢复办理”。") % {"item": item})
    return redirect(f"{reverse('desk_settle')}?center={center.code}" if made.touched else _list_of(center))


@require_POST
def on(request: HttpRequest, code: str) -> HttpResponse:
    center = managed(request)
    with told(request, _("这件事这里又能办了，停的时候告诉过的人会收到消息。")):
        opting_out.opt_in(division=center.division, code=code, by=request.user)
    return redirect(_list_of(center))


def _list_of(center: Center) -> str:
    return f"{reverse('duty_items')}?center={center.code}"
