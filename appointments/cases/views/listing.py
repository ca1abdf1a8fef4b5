"""The list of a center's cases, with groups by urgency."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from appointments.cases import lists as case_lists
from appointments.cases import services as cases
from appointments.cases import words as case_words
from appointments.catalog.models import ServiceItem
from centers import access
from centers.request_access import center_for, other_centers
from centers.workdays import Workdays
from portal.accounts.roles import Permission
from portal.ui.pagination import page_of
from portal.ui.params import number, typed


@never_cache
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    center = center_for(request, Permission.VIEW_DAY)
    today, words = timezone.localdate(), typed(request)
    groups, rows = case_lists.groups(today), case_lists.at_center(center)
    counts = case_lists.counts(rows, groups)
    group = next((one for one in groups if one.key == request.GET.get("show")), None)
    items = ServiceItem.objects.filter(cases__in=rows).order_by("everyday_name", "code")
    items = dict(items.values_list("code", "everyday_name").distinct())
    owners, owner = cases.handlers_at(center), number(request.GET.get("owner"))
    item = request.GET.get("item") if request.GET.get("item") in items else None
    can_see_names = access.has_permission(request.user, Permission.VIEW_CONTACTS, at=center)
    shown = case_lists.matching(rows, words, can_see_names=can_see_names) if words else _in_group(rows, group)
    if owner:
        shown = shown.filter(owner=owner)
    if item:
        shown = shown.filter(item__code=item)
    page = page_of(request, case_lists.first_things_first(shown, today).for_pages())
    is_workday = Workdays()
    context = {
        "center": center,
        "words": words,
        "group": group,
        "groups": [
            {"group": one, "number": counts[one.key], "query": urlencode({"center": center.code, "show": one.key})}
            for one in groups
            if one.counted
        ],
        "owners": owners,
        "owner": owner,
        "items": items.items(),
        "item": item,
        "page": page,
        "rows": [case_words.standing(case, today, is_workday) for case in page],
        "can_open": access.has_permission(request.user, Permission.HANDLE_CASES, at=center),
        "can_see_names": can_see_names,
        "others": other_centers(request, Permission.VIEW_DAY),
    }
    return render(request, "appointments/cases/list.html", context)


def _in_group(rows, group: case_lists.Group | None):
    """Without a filter: all cases that are open or still to be handed over."""
    return rows.filter(group.where) if group else rows.needing_somebody()
