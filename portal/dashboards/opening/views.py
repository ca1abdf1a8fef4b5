"""Pages that open centers, and that set the hours of many at once and by default."""

from collections import defaultdict
from copy import copy
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from appointments.settling.asking import change_or_ask
from centers import access, codes
from centers.models import DefaultHours, Division
from centers.services import default_hours
from portal.accounts.roles import Permission
from portal.dashboards.opening import centers as opening
from portal.dashboards.opening.forms import CentersForm, OpenForm, WeekForm
from portal.ui.errors import Changed, RuleBroken
from portal.ui.responses import CONFLICT, UNPROCESSABLE


@never_cache
@require_http_methods(["GET", "POST"])
def open_centers(request: HttpRequest) -> HttpResponse:
    """Tick villages; a first POST shows what is made, one with `agreed` makes it."""
    _require(request)
    villages, under = _within(request, opening.without_center(request.user), "code")
    form = OpenForm(_sent(request), villages=villages, initial={"village": _ticked(request, villages)})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["village"]
        if "agreed" not in request.POST:
            context = {"planned": opening.plan(chosen), "village": chosen}
            return render(request, "dashboards/opening/plan.html", context)
        made = opening.open_for(villages=chosen, by=request.user)
        messages.success(request, _("开通了%(number)d个中心。") % {"number": len(made)})
        return redirect("opening")
    context = {
        "form": form,
        "under": under,
        "townships": _townships(request, villages) if villages.count() > opening.AT_ONCE else [],
        "groups": _grouped(form["village"], lambda row: row.code),
        "unused": opening.unused(request.user)[: opening.AT_ONCE],
    }
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "dashboards/opening/open.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest) -> HttpResponse:
    """The centers that nobody has used yet: those that are ticked are taken back."""
    _require(request)
    form = CentersForm(_sent(request), centers=opening.unused(request.user))
    if request.method == "POST" and form.is_valid():
        outcome = opening.take_back(centers=form.cleaned_data["center"], by=request.user)
        if outcome.gone:
            messages.success(request, _("撤回了%(number)d个中心。") % {"number": len(outcome.gone)})
        if outcome.kept:
            said = _("这些已经有人用了，留着没有动：%(names)s")
            messages.warning(request, said % {"names": "、".join(outcome.kept)})
        return redirect("opening")
    context = {"form": form, "groups": _grouped(form["center"], lambda row: row.code)}
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "dashboards/opening/take_back.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def many_hours(request: HttpRequest) -> HttpResponse:
    """One week for many centers; a first POST that touches bookings answers with a page that names them."""
    _require(request)
    reach = access.centers_for(request.user, Permission.OPEN_CENTERS).order_by("division__code")
    centers, under = _within(request, reach, "division__code")
    form = CentersForm(_sent(request), centers=centers, initial={"center": _ticked(request, centers)})
    week = WeekForm(_sent(request), instance=_week_to_start_with(request))
    if request.method == "POST" and form.is_valid() and week.is_valid():
        chosen, hours = form.cleaned_data["center"], week.save(commit=False)
        question = ngettext(
            "把%(number)d个中心的开放时间换成这样吗？", "把%(number)d个中心的开放时间换成这样吗？", len(chosen)
        )
        made = change_or_ask(
            request,
            partial(default_hours.replace, centers=chosen, hours=hours),
            question=question % {"number": len(chosen)} + hours.words,
            action=_("照这样换"),
            back_url=request.get_full_path(),
            always="sure" not in request.POST,
        )
        if made.page:
            return made.page
        said = _("%(number)d个中心的开放时间换好了，能约的时间马上照新的来。")
        messages.success(request, said % {"number": made.result})
        return redirect("opening")
    context = {
        "form": form,
        "week": week,
        "under": under,
        "townships": _townships(request, centers, "division__code") if centers.count() > opening.AT_ONCE else [],
        "groups": _grouped(form["center"], lambda row: row.code),
    }
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "dashboards/opening/many_hours.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def standard_hours(request: HttpRequest) -> HttpResponse:
    """What new centers get in the division that the user runs: ?under= one of theirs."""
    _require(request)
    division = _own_division(request)
    stored = DefaultHours.objects.filter(division=division).first()
    shown = copy(stored or default_hours.of_division(division))
    initial = {"seen": default_hours.version(stored)}
    form, status = WeekForm(_sent(request), instance=shown, initial=initial), None
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                default_hours.save(
                    division=division,
                    hours=form.save(commit=False),
                    seen=form.cleaned_data["seen"],
                    by=request.user,
                )
            except RuleBroken as broken:
                broken.add_to(form)
                status = CONFLICT if isinstance(broken, Changed) else UNPROCESSABLE
            else:
                messages.success(request, _("存好了。以后新开通的中心照这样开门，已经开通的没有动。"))
                return redirect("manage")
    context = {"form": form, "division": division, "is_stored": stored is not None}
    return render(request, "dashboards/opening/standard_hours.html", context, status=status)


def _require(request: HttpRequest) -> None:
    if not access.codes_where(request.user, Permission.OPEN_CENTERS):
        raise PermissionDenied


def _within(request: HttpRequest, rows, path: str):
    """The rows under ?under=, a code within the user's reach, and that code; all rows without it."""
    asked = request.GET.get("under", "")
    if not asked:
        return rows, ""
    reach = access.codes_where(request.user, Permission.OPEN_CENTERS)
    if not codes.is_code(asked) or not any(codes.contains(code, asked) for code in reach):
        raise Http404("no such division within reach")
    return rows.filter(**{f"{path}__range": codes.span(asked)}), asked


def _ticked(request: HttpRequest, rows) -> list[int]:
    """Ticked when the page opens: the one of ?village=, all with ?all=1, else none."""
    if asked := request.GET.get("village", ""):
        path = "code" if rows.model is Division else "division__code"
        return list(rows.filter(**{path: asked}).values_list("pk", flat=True)) if codes.is_code(asked) else []
    return list(rows.values_list("pk", flat=True)) if request.GET.get("all") == "1" else []


def _townships(request: HttpRequest, rows, path: str = "code") -> list[tuple[Division, int]]:
    """Townships of many rows, with how many each has: one is chosen first."""
    counted: dict[str, int] = defaultdict(int)
    for code in rows.values_list(path, flat=True):
        counted[codes.ancestors(code)[-1]] += 1
    divisions = Division.objects.current().filter(code__in=counted).order_by("code")
    return [(division, counted[division.code]) for division in divisions]


def _grouped(field, code_of) -> list[tuple[str, list]]:
    """The ticks of a field by township: (name, ticks)."""
    ticks = list(field)
    rows = {str(row.pk): row for row in field.field.queryset}
    by_code: dict[str, list] = defaultdict(list)
    for tick in ticks:
        code = code_of(rows[str(tick.data["value"])])
        by_code[codes.ancestors(code)[-1]].append(tick)
    names = dict(Division.objects.current().filter(code__in=by_code).values_list("code", "name"))
    return [(names.get(code, ""), found) for code, found in by_code.items()]


def _week_to_start_with(request: HttpRequest) -> DefaultHours:
    """A copy that is not stored, of the default where the user works."""
    division = _own_division(request)
    hours = copy(default_hours.of_division(division))
    hours.pk = hours.id = None
    hours._state.adding = True
    hours.division = division
    return hours


def _own_division(request: HttpRequest) -> Division:
    held = access.codes_where(request.user, Permission.OPEN_CENTERS)
    asked = request.GET.get("under", held[0])
    if asked not in held:
        raise Http404("no such division of theirs")
    return Division.objects.current().filter(code=asked).first() or _gone()


def _gone() -> Division:
    raise Http404("this division is not in use any more")


def _sent(request: HttpRequest):
    """What was sent, also when that is nothing: a form without a tick is refused and not shown anew."""
    return request.POST if request.method == "POST" else None
