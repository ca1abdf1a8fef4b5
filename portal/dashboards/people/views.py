"""One person on one page for the desk: what they have, putting their data right, and who books for them."""

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centers import access
from centers.models import CorrectedResident, FamilyLink
from centers.people import correcting, family
from centers.people.residents import end_family_link
from centers.request_access import resident_for
from portal.accounts import codes
from portal.accounts.audit_log import log_access
from portal.accounts.roles import Permission
from portal.dashboards.people import selectors
from portal.dashboards.people.forms import CorrectionForm, FamilyForm
from portal.ui.errors import Changed, RuleBroken
from portal.ui.pagination import page_of
from portal.ui.responses import CONFLICT, status_of, told


@never_cache
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    center, resident = resident_for(request, pk)
    now = timezone.now()
    can = {
        "can_carry": access.has_permission(request.user, Permission.HANDLE_CASES, at=center),
        "can_see_names": access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center),
    }
    if can["can_see_names"]:
        log_access([resident])  # the page shows the number in full
    page = page_of(request, selectors.visits(resident, request.user, now), per_page=10)
    shown = selectors.person(resident, request.user, now)
    context = {"center": center, "resident": resident, "person": shown, "page": page, **can}
    return render(request, "dashboards/people/person.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Two steps: what is right, then what it touches. A row that would be the same person is asked about."""
    center, resident = resident_for(request, pk)
    form = CorrectionForm(request.POST or None, initial=correcting.values_of(resident))
    context = {"center": center, "resident": resident, "form": form}
    if not form.is_valid():
        return render(request, "dashboards/people/correct.html", context)
    values = {field: form.cleaned_data[field] for field in correcting.FIELDS}
    if other := correcting.same_person(resident, values):
        if "join" in request.POST:
            return _join(request, resident, other)
        return render(request, "dashboards/people/correct_same.html", context | {"other": other, "values": values})
    try:
        planned = correcting.plan(resident, values)
        sure = request.POST.get("sure", "")
        if sure == planned.version:
            correcting.correct(resident=resident, after=values, version=sure, by=request.user)
            notices.success(request, _("改好了。改错了，在这一页点“撤回”。"))
            return redirect("desk_person", pk)
    except Changed:
        planned = correcting.plan(resident, values)
    except RuleBroken as broken:
        broken.add_to(form)
        return render(request, "dashboards/people/correct.html", context, status=status_of(broken))
    is_old = bool(request.POST.get("sure"))
    changes = [(name, form.fields[name].label, planned.before[name], planned.after[name]) for name in planned.changed]
    touched = [(row._meta.verbose_name, row) for row in planned.rows]
    context |= {"planned": planned, "changes": changes, "touched": touched, "values": values, "is_old": is_old}
    return render(request, "dashboards/people/correct_ask.html", context, status=CONFLICT if is_old else None)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    correction = get_object_or_404(CorrectedResident.objects.select_related("resident"), pk=pk)
    resident_for(request, correction.resident_id)
    with told(request, _("撤回了，和改以前一样。")):
        correcting.undo(correction=correction)
    return redirect("desk_person", correction.resident_id)


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Two steps: who, then both named, for both to agree."""
    center, resident = resident_for(request, pk)
    form = FamilyForm(request.POST or None)
    context = {"center": center, "resident": resident, "form": form, "codes_arrive": codes.can_arrive()}
    if not form.is_valid():
        return render(request, "dashboards/people/family.html", context)
    if "agreed" not in request.POST:
        relation = FamilyLink.Relation(form.cleaned_data["relation"])
        return render(
            request, "dashboards/people/family_ask.html", context | {"who": form.cleaned_data, "relation": relation}
        )
    try:
        link = family.register(resident=resident, by=request.user, **form.cleaned_data)
    except RuleBroken as broken:
        broken.add_to(form)
        return render(request, "dashboards/people/family.html", context, status=status_of(broken))
    said = _("登记好了：%(helper)s登录以后，看得到%(name)s的预约、代办和消息，也能替他（她）约。")
    if link.relation == family.SELF:
        said = _("登记好了：%(name)s用自己的手机登录以后，看得到自己的预约、代办和消息。")
    notices.success(request, said % {"helper": form.cleaned_data["name"], "name": resident.name})
    if not codes.can_arrive() and not link.user.has_usable_password():
        notices.warning(request, _("这里发不了验证码，这个账户还登录不了：请管理员给他（她）设一个密码。"))
    return redirect("desk_person", pk)


@require_POST
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """`end` a family link, or take back that one has just ended it (`again`)."""
    if step not in ("end", "again"):
        raise Http404("no such step")
    link = get_object_or_404(FamilyLink, pk=pk)
    resident_for(request, link.resident_id)
    if step == "end":
        end_family_link(link=link, by=request.user)
        notices.success(request, _("结束了：他（她）不能再替约，也看不到了。点错了，在“您结束的”里撤回。"))
    else:
        with told(request, _("撤回了，家人关系还在。")):
            family.again(link=link, by=request.user)
    return redirect("desk_person", link.resident_id)


def _join(request: HttpRequest, resident, other) -> HttpResponse:
    try:
        kept = correcting.join_with(resident=resident, other=other, by=request.user)
    except RuleBroken as broken:
        notices.warning(request, str(broken))
        return redirect("desk_person", resident.pk)
    notices.success(request, _("合并好了，两边的预约和代办都在一位名下。"))
    return redirect("desk_person", kept.pk)
