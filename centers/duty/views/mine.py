"""My shifts: list, calendar subscription, declaration of presence, swaps; and leave requests."""

from copy import copy

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from centers import access
from centers.days import months, staffing
from centers.days.asking import change_or_ask
from centers.duty import leaves, people, presence, swaps
from centers.duty.access import month_url, seen_shift
from centers.duty.calendar import calendar_of
from centers.duty.forms import LeaveForm, SwapForm
from centers.models import Center, DutyShift, Leave, ShiftSwap, Staff
from centers.request_access import center_for, seen_row
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.responses import told

NEAR = 8  # about two weeks of them


@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    center, person = _self(request)
    shifts = people.shifts_ahead(person) if person else []
    away = staffing.absences([center], shifts[0].date, shifts[-1].date) if shifts else staffing.Absences([])
    now = staffing.now_part()
    rows = [
        {
            "shift": shift,
            "is_away": (shift.staff_id, shift.date, shift.part) in away,
            "is_now": (shift.date, shift.part) == now,
        }
        for shift in shifts
    ]
    context = {
        "center": center,
        "works_here": True,
        "person": person,
        "shifts": rows[:NEAR],
        "later": rows[NEAR:],
        "leaves": Leave.objects.for_pages().filter(staff=person).order_by("-first_date", "-pk")[:10] if person else [],
        "asked": _waiting_swaps().filter(taker=person) if person else [],
        "asking": _waiting_swaps().filter(shift__staff=person) if person else [],
        "address": settings.SITE_URL + reverse("duty_ics", args=[person.calendar_key])
        if person and person.calendar_key
        else "",
        "can_manage": access.has_permission(request.user, Permission.MANAGE_CENTER, at=center),
    }
    return render(request, "centers/duty/mine.html", context)


@require_POST
def calendar(request: HttpRequest) -> HttpResponse:
    """Create or revoke the secret calendar URL."""
    center, person = _self(request)
    if person is None:
        raise Http404("nobody of this account works here")
    if request.POST.get("what") == "stop":
        people.revoke_calendar(person=person, by=request.user)
        messages.success(request, _("停用了。原来的日历地址打不开了。"))
    else:
        people.new_calendar(person=person, by=request.user)
        messages.success(request, _("新的日历地址好了，以前的打不开了。这个地址只给自己看。"))
    return redirect(f"{reverse('duty_mine')}?center={center.code}")


@login_not_required
@require_safe
def ics(request: HttpRequest, key: str) -> HttpResponse:
    """Authorised by the secret URL, since a calendar app cannot sign in. Shows no more than the public poster."""
    person = Staff.objects.working().select_related("center__division").filter(calendar_key=key).first()
    if person is None:
        raise Http404("no such calendar")
    answer = HttpResponse(calendar_of(person), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="duty.ics"'
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@require_POST
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    shift = seen_shift(request, pk)
    if shift.staff.user_id != request.user.pk:
        raise PermissionDenied
    with told(request, _("记下了。在岗率另看办了多少事，这一条只作参考。")):
        presence.declare(shift=shift, by=request.user)
    return redirect(f"{reverse('duty_mine')}?center={shift.center.code}")


@never_cache
@require_http_methods(["GET", "POST"])
def ask_leave(request: HttpRequest) -> HttpResponse:
    center, person = _self(request)
    staff = Staff.objects.working().filter(center=center).order_by("order", "pk")
    if not access.has_permission(request.user, Permission.MANAGE_CENTER, at=center):
        staff = staff.filter(user=request.user)
    if not staff:
        raise PermissionDenied
    today = timezone.localdate()
    form = LeaveForm(
        request.POST or None, staff=staff, initial={"staff": person, "first_date": today, "last_date": today}
    )
    if form.is_valid():
        try:
            leave = leaves.ask(**form.cleaned_data, by=request.user)
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            messages.success(request, _("请假记下了，等同意。"))
            return redirect("duty_leave", leave.pk)
    return render(request, "centers/duty/ask_leave.html", {"center": center, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def ask_swap(request: HttpRequest, pk: int) -> HttpResponse:
    shift = seen_shift(request, pk)
    center, today = shift.center, timezone.localdate()
    if not swaps.may_give_away(shift, request.user):
        raise PermissionDenied
    staff = Staff.objects.working(shift.date).filter(center=center).exclude(pk=shift.staff_id).order_by("order", "pk")
    last = months.ends(months.following(shift.date))
    theirs = DutyShift.objects.published().for_pages().filter(roster__center=center).between(today, last)
    form = SwapForm(
        request.POST or None,
        staff=staff,
        shifts=theirs.exclude(staff=shift.staff_id).order_by("staff__order", "staff", "date", "pk"),
    )
    if form.is_valid():
        try:
            swaps.ask(shift=shift, **form.cleaned_data, by=request.user)
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            messages.success(request, _("问过去了，对方同意了就换。"))
            return redirect(f"{reverse('duty_mine')}?center={center.code}")
    return render(request, "centers/duty/ask_swap.html", {"center": center, "shift": shift, "form": form})


ANSWERS = {"agree": swaps.agree, "refuse": swaps.refuse, "withdraw": swaps.withdraw}
SAID = {
    "agree": gettext_lazy("换好了，值班表已经改了。"),
    "refuse": gettext_lazy("回了不换，值班表没有动。"),
    "withdraw": gettext_lazy("收回了，值班表没有动。"),
}


@require_POST
def answer_swap(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    if answer not in ANSWERS:
        raise Http404("no such answer")
    swap = seen_row(request, ShiftSwap.objects.for_pages(), pk, "shift__roster__center__division__code")
    may = swaps.may_withdraw if answer == "withdraw" else swaps.may_answer
    if not may(swap, request.user):
        raise PermissionDenied
    center, own = swap.shift.center, {swap.taker.user_id, swap.shift.staff.user_id}
    back_url = f"{reverse('duty_mine')}?center={center.code}"
    if request.user.pk not in own:  # a manager who answered on somebody's behalf
        back_url = month_url(center, swap.shift.roster.month)
    with told(request):
        made = change_or_ask(
            request,
            lambda: ANSWERS[answer](swap=copy(swap), by=request.user),
            question=_("这样换班吗？"),
            action=_("照这样换"),
            back_url=back_url,
        )
        if made.page:
            return made.page
        messages.success(request, SAID[answer])
    return redirect(back_url)


def _self(request: HttpRequest) -> tuple[Center, Staff | None]:
    """The center, and the user's Staff row there; None for officials and users who are not listed as staff."""
    center = center_for(request, Permission.VIEW_DAY)
    return center, Staff.objects.of_user(request.user).filter(center=center).first()


def _waiting_swaps():
    return ShiftSwap.objects.for_pages().waiting().order_by("asked_at", "pk")
