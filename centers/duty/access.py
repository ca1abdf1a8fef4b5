"""What of a center's duty a person may see and change, and the month that is asked for."""

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from centers.duty import months
from centers.models import Center, DutyShift, Part
from centers.request_access import center_for, require, seen_row
from portal.accounts.roles import Permission
from portal.ui import params


def managed(request: HttpRequest) -> Center:
    """The center whose duty is to be changed. 404 where it may not even be seen, 403 where it may only be looked at."""
    center = center_for(request, Permission.VIEW_DAY)
    require(request, Permission.MANAGE_CENTER, center)
    return center


def seen_shift(request: HttpRequest, pk: int) -> DutyShift:
    """Also one that was taken away since the page was opened: the service says so."""
    return seen_row(request, DutyShift.objects.for_pages(), pk, "roster__center__division__code")


def asked_month(request: HttpRequest) -> date:
    """The month that ?month=2026-12 names; this one for anything that is no month of ours."""
    return params.day(f"{request.GET.get('month', '')}-01") or months.starts(timezone.localdate())


def day_or_404(text: str) -> date:
    day = params.day(text)
    if day is None:
        raise Http404("no such day")
    return day


def part_or_404(text: str) -> str:
    if text not in Part.values:
        raise Http404("no such half day")
    return text


def number(text: str | None) -> int:
    """What a form says of the change that it has seen; -1, which nothing has, for anything else."""
    seen = params.number(text)
    return -1 if seen is None else seen


def month_url(center: Center, month: date) -> str:
    return f"{reverse('duty')}?{urlencode({'center': center.code, 'month': f'{month:%Y-%m}'})}"
