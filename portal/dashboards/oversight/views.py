"""The start page after signing in, and the pages of figures for officials."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from centers import access
from centers.duty import evidence
from centers.figures import Look, Period
from centers.holidays.access import may_enter
from centers.models import CalendarDay, Center, Division
from portal.accounts.roles import Permission
from portal.dashboards.oversight import selectors
from portal.dashboards.oversight.boards import OVERVIEW, Board
from portal.dashboards.oversight.forms import PeriodForm, presets
from portal.dashboards.oversight.lines import Line, columns, lines_of, total
from portal.dashboards.oversight.scope import scope_of, span_of, trail_of
from portal.ui.pagination import page_of


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """/start/: redirects desk staff to the desk, officials to the overview, everybody else to 我的 or the admin."""
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
    context = board_context(request, OVERVIEW, under, Look(scope, form.period, timezone.now()))
    context |= {
        "form": form,
        "things": selectors.attention(scope, form.period),
        "kept": _staffed_rates(context["lines"], form.period),
        "late_year": _late_year(request),
        "may_enter_holidays": may_enter(request.user),
    }
    return render(request, "dashboards/oversight/oversight.html", context)


def _late_year(request: HttpRequest) -> int | None:
    """For the county, which can type the notice in; a township can do nothing about it."""
    if not may_enter(request.user):
        return None
    return CalendarDay.objects.late_year(timezone.localdate())


def board_context(request: HttpRequest, board: Board, under: Division | None, look: Look) -> dict:
    """What both pages of figures show: the lines of a board, its scope and its period."""
    found, period = lines_of(board.figures, look), look.period
    return {
        "board": board,
        "columns": columns(board.figures),
        "lines": found,
        "total": total(board.figures, found),
        "period": period,
        "span": span_of(period),
        "presets": [(word, span_of(preset), preset == period) for word, preset in presets()],
        "under": under,
        "trail": trail_of(request, under),
    }


@never_cache
@require_GET
def rows(request: HttpRequest, board: Board) -> HttpResponse:
    """The list behind a figure: exactly the rows that it counts."""
    figure = board.figure_or_404(request.GET.get("what", ""))
    place, scope = scope_of(request, request.GET.get("center") or request.GET.get("under", ""))
    period, now = PeriodForm(request.GET).period, timezone.now()
    found = figure.rows(Look(scope, period, now))
    page = page_of(request, found, per_page=50)
    measure, aside = figure.measure(found, page.paginator.count)
    if figure.listed:
        page.object_list = figure.listed(page.object_list, now)
    context = {
        "board": board,
        "figure": figure,
        "measure": measure,
        "aside": aside,
        "place": place,
        "period": period,
        "span": span_of(period),
        "page": page,
        "can_open": bool(access.codes_where(request.user, Permission.VIEW_DAY)),
    }
    return render(request, "dashboards/oversight/rows.html", context)


def _staffed_rates(lines: list[Line], period: Period) -> list[tuple[Line, evidence.StaffedRate]]:
    """The staffed rate of each center. Only if the lines are centers: for whole townships it would be slow."""
    if not lines or not lines[0].is_village:
        return []
    centers = {
        center.code: center
        for center in Center.objects.standing()
        .filter(division__code__in=[one.code for one in lines])
        .select_related("division")
    }
    found = evidence.staffed_rates(centers.values(), period.first, period.last)
    return [
        (line, found[centers[line.code].pk])
        for line in lines
        if line.code in centers and centers[line.code].pk in found
    ]
