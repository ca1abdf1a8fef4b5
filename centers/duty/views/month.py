"""The roster of a month: view, plan, move, undo, publish."""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from centers import access
from centers.days import months
from centers.days.asking import change_or_ask
from centers.duty import board as duty_board
from centers.duty import evidence, layouts, rosters
from centers.duty.access import asked_month, day_or_404, managed, month_url, number, part_or_404, seen_shift
from centers.duty.rota import POSITIONS
from centers.models import Center, DutyShift, Leave, ShiftSwap
from centers.request_access import center_for, other_centers
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.responses import status_of

TITLES = {
    layouts.FILL: gettext_lazy("按规则补齐"),
    layouts.FRESH: gettext_lazy("按规则全部重排"),
    layouts.COPY: gettext_lazy("照抄上个月"),
}


@never_cache
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    center, first = center_for(request, Permission.VIEW_DAY), asked_month(request)
    month_plan = layouts.month_plan_of(center, first)
    can_manage = access.has_permission(request.user, Permission.MANAGE_CENTER, at=center)
    board = duty_board.board_of(month_plan)
    # Planning a draft needs all days expanded.
    is_draft = can_manage and not (month_plan.roster and month_plan.roster.published_at)
    is_whole = is_draft or request.GET.get("show") == "all"
    context = {
        "center": center,
        "board": board,
        "stretches": board.stretches(whole=is_whole),
        "is_draft": is_draft,
        "is_whole": is_whole,
        "roster": month_plan.roster,
        "can_manage": can_manage,
        "works_here": access.has_permission(request.user, Permission.MARK_ATTENDANCE, at=center),
        # Unpublished, the roster is a draft that only the manager sees.
        "is_shown": can_manage or bool(month_plan.roster and month_plan.roster.published_at),
        "answered": _answered(center, first),
        "others": other_centers(request, Permission.VIEW_DAY),
        "leaves": Leave.objects.waiting().for_pages().filter(staff__center=center).order_by("first_date", "pk"),
        "figure": evidence.staffed_rates([center], first, months.ends(first)).get(center.pk),
        "swaps": ShiftSwap.objects.waiting().for_pages().filter(shift__roster__center=center),
        **_around(first),
    }
    return render(request, "centers/duty/month.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Preview of a proposal; POST applies it."""
    center, first = managed(request), asked_month(request)
    how = request.GET.get("how", layouts.FILL)
    if how not in layouts.WAYS:
        raise Http404("no such way")
    refusal = None
    if request.method == "POST":
        seen = number(request.POST.get("seen"))
        apply = partial(layouts.apply, center=center, month=first, how=how, seen=seen, by=request.user)
        try:
            made = _change(request, apply, month_url(center, first))
        except RuleBroken as broken:
            refusal = broken
        else:
            if made.page:
                return made.page
            done = (
                _("排好了，改动了%(number)s个班。看看有没有要调的，再公布。")
                if made.result
                else _("已经是这样了，没有要改的。")
            )
            messages.success(request, done % {"number": made.result})
            return redirect(month_url(center, first))
    try:
        proposal = layouts.propose(center, first, how)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(month_url(center, first))
    month_plan = proposal.month_plan
    context = {
        "center": center,
        "title": TITLES[how],
        "how": how,
        "ways": TITLES.items(),
        "proposal": proposal,
        "changes": _changes(proposal),
        "warnings": duty_board.warning_sentences(month_plan, layouts.warnings_of(month_plan, proposal.turns)),
        "refusal": refusal,
        **_around(first),
    }
    return render(request, "centers/duty/plan.html", context, status=status_of(refusal))


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    center, first = managed(request), asked_month(request)
    done = _("公布了。门口的“今天谁在”和能约的时间，从现在起按这张表。")
    publish_it = partial(rosters.publish, center=center, month=first, by=request.user)
    return _change_and_return(request, publish_it, done, month_url(center, first))


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    center, first = managed(request), asked_month(request)
    done, seen = _("撤回了上一步。再点一次“撤回上一步”，就又改回来。"), number(request.POST.get("seen"))
    undo_it = partial(rosters.undo, center=center, month=first, seen=seen, by=request.user)
    return _change_and_return(request, undo_it, done, month_url(center, first))


@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Drag and drop of a shift. The form of the half day does the same without JavaScript."""
    center, sent = managed(request), request.POST
    shift = seen_shift(request, number(sent.get("shift")))
    day, part, position = day_or_404(sent.get("day", "")), part_or_404(sent.get("part", "")), sent.get("position", "")
    if shift.center != center or position not in DutyShift.Position.values:
        raise Http404("no such post")
    seen = number(sent.get("seen"))
    move_it = partial(rosters.move, shift=shift, day=day, part=part, position=position, seen=seen, by=request.user)
    done, back_url = (
        _("换好了。改错了可以点“撤回上一步”。"),
        f"{month_url(center, shift.roster.month)}#d{day.isoformat()}",
    )
    return _change_and_return(request, move_it, done, back_url)


def _change_and_return(request: HttpRequest, change: Callable[[], object], done: str, back_url: str) -> HttpResponse:
    """Make the change and go back to the month, where a message says `done` or why not; or the page that asks first."""
    try:
        made = _change(request, change, back_url)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect(back_url)
    if not made.page:
        messages.success(request, done)
    return made.page or redirect(back_url)


def _change(request: HttpRequest, change: Callable[[], object], back_url: str):
    return change_or_ask(request, change, question=_("这样排班吗？"), action=_("照这样排"), back_url=back_url)


def _answered(center: Center, first: date) -> list[ShiftSwap]:
    """The month's answered swaps."""
    of_month = ShiftSwap.objects.for_pages().filter(shift__roster__center=center, shift__roster__month=first)
    return list(of_month.exclude(pk__in=ShiftSwap.objects.waiting()).order_by("shift__date", "pk"))


def _changes(proposal: layouts.Proposal) -> list[dict]:
    """Added and removed people by half day."""
    found: dict = {}
    for sign, turns in (("added", proposal.added), ("removed", proposal.removed)):
        for turn in sorted(turns, key=lambda turn: POSITIONS.index(turn.position)):
            row = found.setdefault((turn.date, turn.part), {"added": [], "removed": []})
            person = proposal.month_plan.staff.get(turn.person)
            row[sign].append((DutyShift.Position(turn.position).label, person.name if person else ""))
    order = list(duty_board.PARTS)
    keys = sorted(found, key=lambda key: (key[0], order.index(key[1])))
    return [{"day": day, "part": duty_board.Part(part).label, **found[day, part]} for day, part in keys]


def _around(first) -> dict:
    return {"month": first, "previous": months.before(first), "next": months.following(first)}
