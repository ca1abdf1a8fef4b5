"""A case as the villager sees it: 现在到哪一步，卡在哪里，还剩几天. The unguessable link is the authorization."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appointments.cases import services as cases
from appointments.cases import words as case_words
from appointments.cases.may_rate import has_helped
from appointments.cases.models import Case
from appointments.invitation import rating_token
from centers.workdays import Workdays
from portal.ui.errors import RuleBroken
from portal.ui.responses import private


@login_not_required
@private
@require_safe
def progress(request: HttpRequest, link: str) -> HttpResponse:
    case = _by_link(link)
    today, is_workday = timezone.localdate(), Workdays()
    stages = list(case.stages.select_related("owner").order_by("number"))
    context = {
        "case": case,
        "center": case.place,
        "standing": case_words.standing(case, today, is_workday),
        "stuck": case_words.stuck(case, today, is_workday),
        "stages": [(stage, case_words.stage_time(case, stage, today, is_workday)) for stage in stages],
        "missing": [paper for paper in case.materials.all() if not paper.is_there] if not case.closed_at else [],
        "can_reopen": cases.can_be_reopened(case),
        "rating": rating_token(case) if _may_rate(request, case) else "",
    }
    return render(request, "appointments/cases/progress.html", context)


@login_not_required
@private
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, link: str) -> HttpResponse:
    """The villager reports that it is not done. Confirmed once, because it reopens the case."""
    case = _by_link(link)
    if request.method == "POST":
        try:
            cases.reopen(case=case)
        except RuleBroken as broken:
            messages.warning(request, str(broken))
        else:
            messages.success(request, _("记下了，村里接着办。承诺的日期没有变。"))
        return redirect("case", link)
    if not cases.can_be_reopened(case):
        return redirect("case", link)
    context = {
        "case": case,
        "center": case.place,
        "question": _("这件事还没有办好吗？"),
        "consequence": _("说没办好，村里就接着办，原来的“办结”不算数。"),
        "action": _("没有办好，请接着办"),
        "back_url": reverse("case", args=[link]),
        "back_text": _("办好了，返回"),
    }
    return render(request, "layouts/confirm.html", context)


def _may_rate(request: HttpRequest, case: Case) -> bool:
    return case.can_be_rated and case.rated_at is None and not has_helped(request.user, case)


def _by_link(link: str) -> Case:
    case = Case.objects.for_pages().filter(link=link).first()
    if case is None:
        raise Http404("no such case")
    return case
