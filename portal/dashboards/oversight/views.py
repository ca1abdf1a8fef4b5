"""Where each person starts, and what officials read about the centers in their reach."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from centers import access
from centers.duty import evidence
from centers.models import Center
from portal.accounts.roles import Permission
from portal.dashboards.oversight import selectors
from portal.dashboards.oversight.forms import PeriodForm, presets
from portal.dashboards.oversight.scope import scope_of, span_of, trail_of
from portal.ui.pagination import page_of

SHAPES = {
    "offered": "slots",
    "booked": "appointments",
    "served": "appointments",
    "missed": "appointments",
    "cancelled": "appointments",
    "unmarked": "appointments",
    "walk_ins": "numbers",
    "ratings": "ratings",
    "bad": "ratings",
    "silent": "centers",
}
TITLES = {
    "offered": _("开放的名额"),
    "booked": _("约好的"),
    "served": _("已办"),
    "missed": _("约了没到"),
    "cancelled": _("取消的"),
    "unmarked": _("没登记结果"),
    "walk_ins": _("没有预约、现场取号办的"),
    "ratings": _("评价"),
    "bad": _("不满意的评价"),
    "silent": _("近7天没有人来办事的中心"),
}


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """/start/: the desk for who works at one, the overview for who oversees, 我的 for everybody else."""
    held = access.permissions_of(request.user)
    if Permission.MARK_ATTENDANCE in held:
        return redirect("desk")
    if Permission.VIEW_OVERSIGHT in held:
        return redirect("oversight")
    return redirect("admin:index" if request.user.is_staff and not held else "me")


@never_cache
@require_GET
def oversight(request: HttpRequest) -> HttpResponse:
    under, scope = scope_of(request, request.GET.get("under", ""))
    form = PeriodForm(request.GET)
    period = form.period
    lines = selectors.lines(scope, period)
    context = {
        "form": form,
        "period": period,
        "span": span_of(period),
        "presets": [(word, span_of(preset), preset == period) for word, preset in presets()],
        "under": under,
        "trail": trail_of(request, under),
        "lines": lines,
        "total": selectors.total(lines),
        "things": selectors.attention(scope, period),
        "kept": _kept(lines, period),
    }
    return render(request, "dashboards/oversight/oversight.html", context)


@never_cache
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """Exactly the rows that a figure counts."""
    what = request.GET.get("what", "")
    if what not in SHAPES:
        raise Http404("no such figure")
    place, scope = scope_of(request, request.GET.get("center") or request.GET.get("under", ""))
    period = PeriodForm(request.GET).period
    found = _found(what, scope, period)
    context = {
        "what": what,
        "title": TITLES[what],
        "shape": SHAPES[what],
        "place": place,
        "period": period,
        "span": span_of(period),
        "places": selectors.places(found) if what == "offered" else None,
        "page": page_of(request, found, per_page=50),
    }
    return render(request, "dashboards/oversight/rows.html", context)


def _found(what: str, scope: list[str], period: selectors.Period):
    shape = SHAPES[what]
    if shape == "slots":
        return selectors.offered(scope, period).select_related("center__division").order_by("starts_at", "pk")
    if shape == "numbers":
        return selectors.walk_ins(scope, period).for_pages().order_by("day", "center", "number")
    if shape == "centers":
        return selectors.silent_centers(scope)
    if shape == "ratings":
        found = selectors.ratings(scope, period, bad=what == "bad")
        return found.for_pages().order_by("-rated_at", "-pk")
    return selectors.appointments(scope, period, what).for_pages().order_by("starts_at", "pk")


def _kept(lines: list[selectors.Line], period: selectors.Period) -> list[tuple[selectors.Line, evidence.StaffedRate]]:
    """Staffed when due, center by center; not for whole townships, whose half days would be counted for each look."""
    if not lines or not lines[0].is_village:
        return []
    centers = {
        center.code: center
        for center in Center.objects.filter(division__code__in=[one.code for one in lines]).select_related("division")
    }
    found = evidence.staffed_rates(centers.values(), period.first, period.last)
    return [
        (line, found[centers[line.code].pk])
        for line in lines
        if line.code in centers and centers[line.code].pk in found
    ]
