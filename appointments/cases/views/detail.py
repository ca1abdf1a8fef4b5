"""One case: state, deadlines, papers, history and next step; and its two printed papers."""

from auditlog.models import LogEntry
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from appointments.cases import messages as case_messages
from appointments.cases import steps as case_steps
from appointments.cases import words as case_words
from appointments.cases.access import case_for, levels_of, may_see_names, require_any
from appointments.cases.models import Case
from centers.workdays import Workdays
from portal.notifications.models import Channel as Way
from portal.notifications.models import Message
from portal.ui import qr


@never_cache
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    case = case_for(request, pk)
    levels = levels_of(request.user, case)
    can_see_names = may_see_names(request.user, case, levels)
    if can_see_names:
        # The page shows the phone number in full, so the view is written to the audit log.
        LogEntry.objects.log_create(case, force_log=True, action=LogEntry.Action.ACCESS)
    steps = case_steps.offered(case, levels, request.user)
    first = case_steps.next_up(steps)
    context = _facts(case) | {
        "case": case,
        "center": case.center,
        "papers": list(case.materials.all()),
        "history": case.steps.select_related("by"),
        "told": Message.objects.about(case_messages.subject_of(case)).exclude(channel=Way.INBOX).order_by("due_at"),
        "first": first,
        "others": [step for step in steps if step != first],
        "at_village": "village" in levels,
        "acts": bool(levels),
        "can_see_names": can_see_names,
    }
    return render(request, "appointments/cases/case.html", context)


@never_cache
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The printed one-time notice of missing papers, half a page."""
    case = case_for(request, pk)
    require_any(request, case)
    missing = [paper for paper in case.materials.all() if not paper.is_there]
    context = {"case": case, "center": case.center, "missing": missing}
    return render(request, "appointments/cases/notice.html", context)


@never_cache
@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The printed receipt for the villager: code, papers handed in, promised day."""
    case = case_for(request, pk)
    require_any(request, case)
    context = _facts(case) | {
        "case": case,
        "center": case.center,
        "papers": list(case.materials.all()),
        "drawing": qr.drawn(settings.SITE_URL + reverse("case", args=[case.link])),
    }
    return render(request, "appointments/cases/receipt.html", context)


def _facts(case: Case) -> dict:
    today, is_workday = timezone.localdate(), Workdays()
    stages = list(case.stages.select_related("owner").order_by("number"))
    return {
        "standing": case_words.standing(case, today, is_workday),
        "stuck": case_words.stuck(case, today, is_workday),
        "stages": [(stage, case_words.stage_time(case, stage, today, is_workday)) for stage in stages],
        "returns": sum(stage.outcome == "returned" for stage in stages),
        "transfers": case.transfers.count(),
    }
