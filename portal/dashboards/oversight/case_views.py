"""Cases for officials: those handed up to the township, and figures of how promptly each center closes its own."""

from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from appointments.cases import words as case_words
from appointments.cases.models import Case
from centers import access
from centers.figures import Look
from centers.workdays import Workdays
from portal.accounts.roles import Permission
from portal.dashboards.oversight.boards import CASES
from portal.dashboards.oversight.forms import PeriodForm
from portal.dashboards.oversight.scope import scope_of
from portal.dashboards.oversight.views import board_context
from portal.ui.pagination import page_of

# Filters of the township's list of cases: title and condition on the current stage (`at`).
SHOWN = {
    "waiting": (_("等签收"), Q(at__level="township", at__owner__isnull=True)),
    "mine": (_("我在办"), Q(at__level="township")),
    "taken": (_("同事在办"), Q(at__level="township", at__owner__isnull=False)),
    "department": (_("在部门"), Q(at__level="department")),
}


@never_cache
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    under, scope = scope_of(request, request.GET.get("under", ""))
    form = PeriodForm(request.GET)
    look = Look(scope, form.period, timezone.now())
    context = board_context(request, CASES, under, look) | {"form": form}
    if access.codes_where(request.user, Permission.HANDLE_TOWNSHIP_CASES):
        context |= _reached(request, look.today)
    return render(request, "dashboards/oversight/cases.html", context)


def _reached(request: HttpRequest, today: date) -> dict:
    """Open cases that the township has, or has sent to a department; the earliest due first."""
    here = access.bounded(Case.objects.open(), "center__division__code", request.user, Permission.HANDLE_TOWNSHIP_CASES)
    here = here.with_stage().filter(at__keeper="township")
    chosen = {"mine": Q(at__owner=request.user), "taken": ~Q(at__owner=request.user)}
    groups = {key: where & chosen.get(key, Q()) for key, (_word, where) in SHOWN.items()}
    show = request.GET.get("show") if request.GET.get("show") in SHOWN else None
    found = here.filter(groups[show]) if show else here
    counts = here.order_by().aggregate(**{key: Count("pk", filter=where) for key, where in groups.items()})
    page = page_of(request, _by_day(found))
    is_workday = Workdays()
    return {
        "reached": [case_words.standing(case, today, is_workday) for case in page],
        "page": page,
        "show": show,
        "groups": [(key, word, counts[key]) for key, (word, _where) in SHOWN.items()],
    }


def _by_day(found: QuerySet[Case]) -> QuerySet[Case]:
    # Cases at a department come last: nobody here can act on them.
    return found.for_pages().order_by(
        F("stopped_on").asc(nulls_first=True), F("promised_on").asc(nulls_last=True), "pk"
    )
