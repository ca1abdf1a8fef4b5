"""The centers of a township, for whoever approves their leaves: whom to call, and where one person stands alone."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from centers import access
from centers.models import OpeningRule, Staff
from portal.accounts.roles import Permission
from portal.ui.pagination import page_of

ALONE = 1


@never_cache
@require_GET
def centers(request: HttpRequest) -> HttpResponse:
    """?show=alone: those with nobody who could stand in for the one on the roster."""
    if not access.codes_where(request.user, Permission.APPROVE_LEAVE):
        raise PermissionDenied
    today = timezone.localdate()
    here = Q(staff__joined_on__lte=today) & (Q(staff__left_on=None) | Q(staff__left_on__gt=today))
    within = access.centers_for(request.user, Permission.APPROVE_LEAVE).filter(is_active=True)
    within = within.annotate(
        turns=Count("staff", filter=here & Q(staff__takes_turns=True)),
        has_hours=Exists(OpeningRule.objects.filter(center=OuterRef("pk"))),
    )
    alone = within.filter(turns__lte=ALONE)
    show = "alone" if request.GET.get("show") == "alone" else ""
    page = page_of(request, (alone if show else within).order_by("division__code"), per_page=50)
    people: dict[int, list[Staff]] = {}
    for person in Staff.objects.working(today).filter(center__in=list(page), takes_turns=True).order_by("order", "pk"):
        people.setdefault(person.center_id, []).append(person)
    context = {
        "page": page,
        "rows": [(center, people.get(center.pk, [])) for center in page],
        "show": show,
        "number": within.count(),
        "alone": alone.count(),
    }
    return render(request, "centers/places/centers.html", context)
