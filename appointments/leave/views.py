"""One leave and its affected appointments: decide, notify, rearrange. And the township's list of leaves."""

from copy import copy

from auditlog.models import LogEntry
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appointments.leave import services as leaving
from appointments.leave.access import leave_for, leave_to_rearrange
from appointments.leave.impact import affected_by
from appointments.settling.asking import change_or_ask
from centers import access
from centers.days.half_days import half_days
from centers.duty import leaves
from centers.duty.forms import RefusalForm
from centers.models import DutyShift, Leave, PresenceReport
from centers.rules.reading import groups
from portal.accounts.roles import Permission
from portal.ui import pages
from portal.ui.errors import NotAllowed, RuleBroken
from portal.ui.pagination import page_of
from portal.ui.params import number
from portal.ui.responses import told


@never_cache
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, leave_for(request, pk), RefusalForm())


@never_cache
@require_POST
def answer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """agree, refuse or withdraw."""
    leave = leave_for(request, pk)
    form = RefusalForm(request.POST)
    try:
        if answer == "agree":
            made = change_or_ask(
                request,
                lambda: leaves.agree(leave=copy(leave), by=request.user),
                question=_("同意这个假吗？"),
                action=_("同意"),
                back_url=reverse("duty_leave", args=[leave.pk]),
            )
            if made.page:
                return made.page
            left = any(one.is_left for one in affected_by(leave))
            messages.success(request, _("同意了。没有人顶的预约，都在“要安置的”里。") if left else _("同意了。"))
        elif answer == "withdraw":
            leaving.withdraw(leave=leave, by=request.user)
            messages.success(request, _("收回了，这几天照常上班，能约的时间也恢复了。"))
        elif answer == "refuse":
            if not form.is_valid():
                return _page(request, leave, form)
            leaves.refuse(leave=leave, refusal=form.cleaned_data["refusal"], by=request.user)
            messages.success(request, _("回了不同意。"))
        else:
            raise Http404("no such answer")
    except RuleBroken as broken:
        # Who may never decide gets a 403; others are told why not this leave: their own, or too long for the center.
        if broken.code == NotAllowed.code:
            raise PermissionDenied from broken
        messages.error(request, str(broken))
    return redirect("duty_leave", leave.pk)


@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """All who are touched, or the one appointment that is named."""
    leave = leave_to_rearrange(request, pk)
    with told(request):
        number = leaving.tell(
            leave=leave, only=_picked(request) if "appointment" in request.POST else None, by=request.user
        )
        said = _("告诉了%(number)s位。没有手机的，请打电话。") if number else _("都已经告诉过了，没有要再告诉的。")
        messages.success(request, said % {"number": number})
    return redirect("duty_leave", leave.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the appointments without a stand-in, after one confirmation page that lists them."""
    leave = leave_to_rearrange(request, pk)
    without_stand_in = [one for one in affected_by(leave) if one.is_left]
    if request.method == "POST":
        with told(request):
            done, refused = leaving.cancel(
                leave=leave,
                only=[one.appointment.pk for one in without_stand_in],
                reason=_("办这件事的人请假"),
                by=request.user,
            )
            messages.success(
                request,
                _("取消了%(number)s个。发不了短信的，在%(page)s里，请打个电话。")
                % {"number": done, "page": pages.quoted("delivery_board")},
            )
            for sentence in refused:
                messages.error(request, sentence)
        return redirect("duty_leave", leave.pk)
    context = {
        "leave": leave,
        "center": leave.staff.center,
        "touched": without_stand_in,
        "question": _("没有人顶的预约，都取消吗？"),
        "consequence": _("一共%(number)s个。取消以后告诉他们，请他们另约；发不了短信的，在%(page)s里，请打个电话。")
        % {"number": len(without_stand_in), "page": pages.quoted("delivery_board")},
        "action": _("都取消，通知他们"),
    }
    return render(request, "appointments/leave/leave_cancel.html", context)


@never_cache
@require_GET
def leaves_list(request: HttpRequest) -> HttpResponse:
    """The township's list: leaves to approve, leaves approved by centers, and who is away now."""
    if not access.codes_where(request.user, Permission.VIEW_OVERSIGHT):
        raise PermissionDenied
    today = timezone.localdate()
    within = access.bounded(
        Leave.objects.for_pages(), "staff__center__division__code", request.user, Permission.VIEW_OVERSIGHT
    )
    short = Q()
    for days, where in groups("LEAVE_DAYS_BY_CENTER", "staff__center__division__code"):
        short |= Q(where, half_days__lte=2 * days)
    waiting = within.waiting().filter(last_date__gte=today)
    for_township = within.for_township().order_by().values("pk")
    context = {
        "waiting": waiting.filter(pk__in=for_township).order_by("first_date", "pk"),
        "at_centers": waiting.exclude(pk__in=for_township).order_by("first_date", "pk")[:50],
        "page": page_of(request, within.agreed().exclude(short).order_by("-first_date", "-pk"), per_page=30),
        "unchecked": access.bounded(
            PresenceReport.objects.unchecked(), "center__division__code", request.user, Permission.CONFIRM_VISITS
        ).count(),
        "may_approve": bool(access.codes_where(request.user, Permission.APPROVE_LEAVE)),
    }
    return render(request, "appointments/leave/leaves.html", context)


def _page(request: HttpRequest, leave: Leave, form: RefusalForm) -> HttpResponse:
    center = leave.staff.center
    covers = half_days(leave.first_date, leave.first_part, leave.last_date, leave.last_part)
    shifts = DutyShift.objects.published().for_pages().filter(staff=leave.staff)
    own = leave.staff.user_id == request.user.pk
    manages = access.has_permission(request.user, Permission.MANAGE_CENTER, at=center)
    can_see_names = access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center)
    affected = affected_by(leave) if leave.is_waiting or leave.is_active else []
    if can_see_names and affected:
        # The page shows names and numbers in full, so the view is written to the audit log.
        LogEntry.objects.log_create(leave, force_log=True, action=LogEntry.Action.ACCESS)
    context = {
        "leave": leave,
        "center": center,
        "form": form,
        "level": leaves.level_of(leave),
        "touched": affected,
        "has_untold": any(one.stand_ins and not one.contact for one in affected),
        "has_nobody": any(one.is_left for one in affected),
        "shifts": [
            shift for shift in shifts.between(leave.first_date, leave.last_date) if covers(shift.date, shift.part)
        ],
        "may_decide": leave.is_waiting and leaves.may_decide(leave, request.user),
        "may_withdraw": (own or manages) and not leave.refused_at and not leave.withdrawn_at,
        "can_arrange": access.has_permission(request.user, Permission.BOOK_FOR_OTHERS, at=center),
        "can_manage": manages,
        "can_see_names": can_see_names,
    }
    return render(request, "appointments/leave/leave.html", context)


def _picked(request: HttpRequest) -> list[int]:
    return [pk for one in request.POST.getlist("appointment") if (pk := number(one)) is not None]
