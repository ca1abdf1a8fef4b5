"""Closures (停开): asked for by the center's manager, approved by the township; each page says whom it touches."""

from contextlib import nullcontext
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appointments.booking.displaced import Displaced
from appointments.settling import services as settling
from appointments.settling.access import closure_for
from appointments.settling.forms import ClosureForm, TellForm
from appointments.settling.telling import staff_will_call
from centers import access
from centers.duty.access import managed
from centers.models import ClosureNotice
from centers.services import closures
from portal.accounts.models import User
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.pagination import page_of
from portal.ui.responses import UNPROCESSABLE, told

# Named on the page; a county may have more.
APPROVERS = 5


@never_cache
@require_GET
def of_center(request: HttpRequest) -> HttpResponse:
    center = managed(request)
    rows = ClosureNotice.objects.filter(center=center).select_related("center", "requested_by", "approved_by")
    context = {"center": center, "page": page_of(request, rows), "can_manage": True, "works_here": True}
    return render(request, "appointments/settling/closures.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    center = managed(request)
    form = ClosureForm(request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at", "reason", "note")}
        try:
            closure = closures.request(center=center, by=request.user, **given)
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            messages.success(request, _("申请交上去了，乡镇批准以后才停开。下面是会碰到的预约。"))
            return redirect("closure", closure.pk)
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "appointments/settling/closure_form.html", {"center": center, "form": form}, status=status)


@never_cache
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, closure_for(request, pk), TellForm())


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve; whom it touches is computed again, and told at once or left to the center's calls."""
    closure, tell = closure_for(request, pk), TellForm(request.POST)
    if not tell.is_valid():
        return _page(request, closure, tell)
    with told(request, _("批准了，这段时间马上停约。")), staff_will_call() if tell.by_call else nullcontext():
        closures.approve(closure=closure, by=request.user)
    return redirect("closure", closure.pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    closure = closure_for(request, pk)
    with told(request, _("撤回了。要是没有别的停开，也有人值班，这段时间就照常开放。告诉过停开的人会收到消息。")):
        closures.withdraw(closure=closure, by=request.user)
    return redirect("closure", closure.pk)


@never_cache
@require_GET
def of_township(request: HttpRequest) -> HttpResponse:
    """The township's list: what waits for an answer, and what was decided."""
    if not access.codes_where(request.user, Permission.APPROVE_CLOSURE):
        raise PermissionDenied
    rows = ClosureNotice.objects.select_related("center__division", "requested_by", "approved_by")
    within = access.bounded(rows, "center__division__code", request.user, Permission.APPROVE_CLOSURE)
    waiting = within.undecided().filter(ends_at__gt=timezone.now())
    context = {
        "waiting": waiting.order_by("starts_at", "pk"),
        "page": page_of(request, within.exclude(pk__in=waiting.values("pk"))),
    }
    return render(request, "appointments/settling/township.html", context)


def _page(request: HttpRequest, closure: ClosureNotice, tell: TellForm) -> HttpResponse:
    center = closure.center
    waits = not (closure.approved_at or closure.withdrawn_at)
    manages = access.has_permission(request.user, Permission.MANAGE_CENTER, at=center)
    approves = access.has_permission(request.user, Permission.APPROVE_CLOSURE, at=center)
    context = {
        "closure": closure,
        "center": center,
        "touched": _touched(closure, request.user) if waits else [],
        "left": _left(closure) if closure.approved_at and not closure.withdrawn_at else [],
        "waits": waits,
        "approvers": closures.approvers(closure)[:APPROVERS] if waits and closure.ends_at > timezone.now() else None,
        "is_own": closure.requested_by_id == request.user.pk,
        "form": tell,
        "manages": manages,
        "may_approve": waits and approves and closure.requested_by_id != request.user.pk,
        "may_withdraw": (manages or approves) and not closure.withdrawn_at and closure.ends_at > timezone.now(),
        "can_see_names": access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center),
        "back_url": reverse("duty_closures") + f"?center={center.code}" if manages else reverse("oversight_closures"),
    }
    return render(request, "appointments/settling/closure.html", context, status=UNPROCESSABLE if tell.errors else None)


def _left(closure: ClosureNotice) -> list[Displaced]:
    """Who is still to be settled of those whose time it has closed."""
    return settling.unsettled_within(closure.center, closure.starts_at, closure.ends_at)


def _touched(closure: ClosureNotice, by: User) -> list[Displaced]:
    # A row of its own: the rehearsal marks it as approved.
    same = ClosureNotice.objects.select_related("center__division").get(pk=closure.pk)
    return settling.whom_it_touches(partial(closures.take_effect, closure=same, by=by))
