"""Taking a step in a case: on a page of its own if the step has a form, otherwise with one tap."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from appointments.cases import services as cases
from appointments.cases import steps as case_steps
from appointments.cases.access import case_for, require_any
from appointments.cases.models import Case, Level
from appointments.cases.steps import STEPS, Step
from portal.ui.errors import Changed, RuleBroken
from portal.ui.params import number
from portal.ui.responses import status_of, told


@never_cache
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404("no such step")
    case, asked = case_for(request, pk), STEPS[step]
    levels = require_any(request, case)
    if request.method == "GET":
        return _ask(request, case, asked, levels)
    seen = number(request.POST.get("stage")) or 0
    _require_in_hand(case, asked, levels, seen)
    if asked.form is None:
        return _do(request, case, asked, {}, seen)
    form = asked.form(request.POST, case=case, stage=case.stage, user=request.user)
    if not form.is_valid():
        return _show(request, case, asked, form)
    details = {name: value for name, value in form.cleaned_data.items() if name != "stage"}
    return _do(request, case, asked, details, seen, form)


@require_POST
def tick(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    case = case_for(request, pk)
    levels = require_any(request, case)
    if Level.VILLAGE not in levels:
        raise PermissionDenied
    paper = get_object_or_404(case.materials, pk=material)
    with told(request):
        cases.tick(material=paper, is_there=request.POST.get("there") == "1", by=request.user)
    return redirect(f"{reverse('desk_case', args=[pk])}#papers")


def _do(request: HttpRequest, case: Case, step: Step, details: dict[str, Any], seen: int, form=None) -> HttpResponse:
    stage = {"seen": seen} if step.is_seen else {}
    try:
        step.do(case=case, by=request.user, **stage, **details)
    except Changed as changed:
        messages.warning(request, str(changed))
    except RuleBroken as broken:
        if form is not None:
            broken.add_to(form)
            return _show(request, case, step, form, status=status_of(broken))
        messages.error(request, str(broken))
    else:
        messages.success(request, step.done)
    return redirect("desk_case", case.pk)


def _ask(request: HttpRequest, case: Case, step: Step, levels: set[str]) -> HttpResponse:
    """GET of a step: a stale link redirects to the case."""
    if step.form is None or step not in case_steps.offered(case, levels, request.user):
        messages.info(request, _("这一步现在不用做了，或者还没轮到。这是最新的情况。"))
        return redirect("desk_case", case.pk)
    return _show(request, case, step, step.form(case=case, stage=case.stage, user=request.user))


def _show(request: HttpRequest, case: Case, step: Step, form, status: int | None = None) -> HttpResponse:
    context = {
        "case": case,
        "center": case.center,
        "form": form,
        "question": _("%(step)s：%(item)s") % {"step": step.word, "item": case.item},
        "consequence": step.explain,
        "action": step.word,
        "back_url": reverse("desk_case", args=[case.pk]),
        "back_text": _("不了，返回"),
    }
    return render(request, "appointments/cases/step.html", context, status=status)


def _require_in_hand(case: Case, step: Step, levels: set[str], seen: int) -> None:
    """403 when the case is at another level; a stale page gets Changed from the service instead."""
    if step.anywhere:
        if Level.VILLAGE not in levels:
            raise PermissionDenied
        return
    stage = case.stage
    if stage is not None and stage.pk == seen and stage.keeper not in levels:
        raise PermissionDenied
