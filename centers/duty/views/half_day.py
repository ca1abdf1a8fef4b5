"""Editing one half day by form: works without JavaScript and by keyboard, unlike drag and drop."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centers.days import staffing
from centers.days.asking import change_or_ask
from centers.duty import board as duty_board
from centers.duty import layouts, rosters
from centers.duty.access import day_or_404, managed, month_url, part_or_404
from centers.duty.forms import HalfDayForm
from centers.models import Staff
from portal.ui.errors import RuleBroken


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, day: str, part: str) -> HttpResponse:
    center, when, part = managed(request), day_or_404(day), part_or_404(part)
    month_plan = layouts.month_plan_of(center, when)
    cell = duty_board.cell_of(month_plan, when, part)
    staff = Staff.objects.working(when).filter(center=center).order_by("order", "pk")
    absent = staffing.absences([center], when, when)
    away = {person.pk for person in staff if (person.pk, when, part) in absent}
    now = {post.position: post.person for post in cell.posts if post.person}
    form = HalfDayForm(
        request.POST or None, staff=staff, away=away, initial={"kind": cell.kind, "seen": month_plan.revision, **now}
    )
    if not staff:
        raise Http404("nobody works here yet")
    back_url = f"{month_url(center, month_plan.month)}#d{when.isoformat()}"
    if form.is_valid():
        assign = partial(
            rosters.assign,
            center=center,
            day=when,
            part=part,
            kind=form.cleaned_data["kind"],
            people=form.people,
            seen=form.cleaned_data["seen"],
            by=request.user,
        )
        try:
            made = change_or_ask(request, assign, question=_("这样排班吗？"), action=_("照这样排"), back_url=back_url)
        except RuleBroken as broken:
            broken.add_to(form)
        else:
            if made.page:
                return made.page
            messages.success(request, _("改好了。"))
            return redirect(back_url)
    context = {
        "center": center,
        "day": when,
        "cell": cell,
        "form": form,
        "back_url": back_url,
    }
    return render(request, "centers/duty/half_day.html", context)
