"""The rows behind the staffed rate (应岗有人率): half days due in a month with their evidence; presence reports."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from centers import access, codes
from centers.days import months
from centers.duty import evidence, presence
from centers.duty.access import asked_month
from centers.former_codes import Moved, center_once_at
from centers.models import Center, Part, PresenceReport
from portal.accounts.roles import Permission
from portal.ui.forms import Form, TextField
from portal.ui.pagination import page_of
from portal.ui.responses import told


@never_cache
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    center, first = _center(request), asked_month(request)
    found = evidence.blocks_of([center], first, months.ends(first))
    context = {
        "center": center,
        "can_manage": access.has_permission(request.user, Permission.MANAGE_CENTER, at=center),
        "works_here": access.has_permission(request.user, Permission.MARK_ATTENDANCE, at=center),
        "can_see_day": access.has_permission(request.user, Permission.VIEW_DAY, at=center),
        "figure": evidence.figures(found).get(center.pk, evidence.StaffedRate()),
        "rows": [
            {
                "block": block,
                "part": Part(block.part).label,
                "people": _("、").join(shift.staff.name for shift in block.rostered),
                "proofs": [*block.proofs[evidence.A], *block.proofs[evidence.B]],
            }
            for block in found
        ],
        "month": first,
        "previous": months.before(first),
        "next": months.following(first),
    }
    return render(request, "centers/duty/evidence.html", context)


class FindingForm(Form):
    note = TextField(label=gettext_lazy("核实情况"), max_length=120, required=False)


@never_cache
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Villagers' presence reports, to be verified by somebody outside the center; read-only for the center."""
    if _reads_only(request) and not access.codes_where(request.user, Permission.VIEW_DAY):
        raise PermissionDenied
    within = access.bounded(
        PresenceReport.objects.select_related("center__division", "checked_by"),
        "center__division__code",
        request.user,
        Permission.VIEW_DAY if _reads_only(request) else Permission.CONFIRM_VISITS,
    )
    show = request.GET.get("show")
    found = within.exclude(checked_at__isnull=True) if show == "checked" else within.unchecked()
    if show == "nobody":
        found = found.filter(found_somebody=False)
    # 没人 first: it lowers somebody's rate, so it should be verified while people remember.
    page = page_of(request, found.order_by("found_somebody", "-at", "-pk"), per_page=30)
    context = {
        "page": page,
        "rows": presence.with_duty(page),
        "show": show if show in ("checked", "nobody") else "",
        "may_check": not _reads_only(request),
    }
    return render(request, "centers/duty/reports.html", context)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(
        access.bounded(
            PresenceReport.objects.select_related("center__division"),
            "center__division__code",
            request.user,
            Permission.CONFIRM_VISITS if not _reads_only(request) else Permission.VIEW_DAY,
        ),
        pk=pk,
    )
    if _reads_only(request):
        raise PermissionDenied
    form = FindingForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    if request.POST.get("found") not in ("yes", "no"):
        messages.error(request, _("请点“属实”或“不属实”。还没有记下。"))
        return redirect("duty_reports")
    with told(request, _("核实记下了。")):
        presence.check(report=report, is_upheld=request.POST["found"] == "yes", note=note, by=request.user)
    return redirect("duty_reports")


def _reads_only(request: HttpRequest) -> bool:
    return not access.codes_where(request.user, Permission.CONFIRM_VISITS)


def _center(request: HttpRequest) -> Center:
    """The requested center, if the user may view its day or oversee it, else 404."""
    user = request.user
    held_codes = access.codes_where(user, Permission.VIEW_DAY) + access.codes_where(user, Permission.VIEW_OVERSIGHT)
    if not held_codes:
        raise PermissionDenied
    asked = request.GET.get("center", "")
    if asked and not codes.is_code(asked):
        raise Http404("not a division code")
    centers = Center.objects.standing().select_related("division").order_by("division__code")
    if asked:
        center = centers.filter(division__code=asked).first() or center_once_at(asked)
    else:
        center = centers.within(min(held_codes)).first()
    if center is None or not any(codes.contains(held, center.code) for held in held_codes):
        raise Http404("no such center within reach")
    if asked and center.code != asked:
        raise Moved(asked, center.code)
    return center
