"""开通进度: a checklist by township and village; each count opens its villages."""

from collections import defaultdict
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from centers import access, codes
from centers.models import Division
from portal.accounts.roles import Permission
from portal.dashboards.opening.progress import Village, next_for, reach_of, villages_in
from portal.dashboards.opening.steps import STEPS, Step
from portal.ui.pagination import page_of

PER_PAGE = 50


@never_cache
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """`under`: one division; `lacks` and `has`: villages by a step; `all`: on one page, to print."""
    scope = _scope(request)
    everything = villages_in(scope)
    shown, chosen = _filtered(request, everything)
    page = page_of(request, shown, per_page=len(shown) or 1 if "all" in request.GET else PER_PAGE)
    tell = next_for(request.user)
    context = {
        "steps": STEPS,
        "counts": [(step, *_counted(everything, step)) for step in STEPS],
        "number": len(everything),
        "ready": sum(not village.missing for village in everything),
        "townships": _townships(everything) if len(_townships_of(everything)) > 1 else [],
        "page": page,
        "rows": [(village, tell(village)) for village in page],
        "chosen": chosen,
        "under": request.GET.get("under", ""),
        "base": _base(request),
        "sees_day": bool(access.codes_where(request.user, Permission.VIEW_DAY)),
        "may_open": bool(access.codes_where(request.user, Permission.OPEN_CENTERS)),
    }
    return render(request, "dashboards/opening/progress.html", context)


def _scope(request: HttpRequest) -> list[str]:
    reach, asked = reach_of(request.user), request.GET.get("under", "")
    if not reach:
        raise PermissionDenied
    if not asked:
        return reach
    if not codes.is_code(asked) or not any(codes.contains(code, asked) for code in reach):
        raise Http404("no such division within reach")
    return [asked]


def _base(request: HttpRequest) -> str:
    """The query part of links that keep the division."""
    asked = request.GET.get("under", "")
    return f"{urlencode({'under': asked})}&" if asked else ""


def _filtered(request: HttpRequest, villages: list[Village]) -> tuple[list[Village], tuple[str, Step] | None]:
    by_code = {step.code: step for step in STEPS}
    for how in ("lacks", "has"):
        if step := by_code.get(request.GET.get(how, "")):
            wanted = how == "has"
            return [one for one in villages if (step.code in one.done) is wanted], (how, step)
    return villages, None


def _counted(villages: list[Village], step: Step) -> tuple[int, int]:
    """How many have done it, and how many not."""
    done = sum(step.code in village.done for village in villages)
    return done, len(villages) - done


def _townships_of(villages: list[Village]) -> dict[str, list[Village]]:
    found: dict[str, list[Village]] = defaultdict(list)
    for village in villages:
        found[codes.ancestors(village.division.code)[-1]].append(village)
    return found


def _townships(villages: list[Village]) -> list[tuple[Division, int, list[tuple[Step, int]]]]:
    """(township, how many villages, (step, how many have done it))."""
    found = _townships_of(villages)
    divisions = Division.objects.current().filter(code__in=found).order_by("code")
    return [
        (division, len(found[division.code]), [(step, _counted(found[division.code], step)[0]) for step in STEPS])
        for division in divisions
    ]
