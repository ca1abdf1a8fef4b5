"""Finding one person of the village, and those whom the desk has to recognize: listed twice, or asleep until seen."""

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from appointments.desk.views.booking import matches
from centers.models import Center
from centers.people import joining, recognizing
from centers.request_access import center_for, resident_for
from portal.accounts.roles import Permission
from portal.ui.errors import RuleBroken
from portal.ui.params import typed

LISTED = 50


@never_cache
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    center = center_for(request, Permission.BOOK_FOR_OTHERS)
    twins = recognizing.twins_at(center).order_by("name", "pk")[:LISTED]
    words = typed(request)
    context = {
        "center": center,
        "words": words,
        "found": matches(center, words),
        "twins": [(twin, joining.clashes(twin.twin_of, twin)) for twin in twins],
        "asleep": recognizing.asleep_at(center).order_by("asleep_since", "pk")[:LISTED],
    }
    return render(request, "appointments/desk/people.html", context)


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    center, twin = resident_for(request, pk)
    try:
        joining.settle(twin=twin, by=request.user)
    except RuleBroken as refusal:
        notices.error(request, str(refusal))
    else:
        notices.success(request, _("合并好了，两边的预约和代办都在一位名下。"))
    return redirect(_list(center))


@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    center = center_for(request, Permission.BOOK_FOR_OTHERS)
    recognizing.wake(get_object_or_404(recognizing.accounts_at(center), pk=pk))
    notices.success(request, _("记下了：见过本人。以前的预约和家人，登录以后又看得到了。"))
    return redirect(_list(center))


def _list(center: Center) -> str:
    return f"{reverse('desk_people')}?center={center.code}"
