"""Access checks of the duty pages, and parsing of their request parameters."""

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from centers.days import months
from centers.models import Center, DutyShift, Part
from centers.request_access import center_for, require, seen_row
from portal.accounts.roles import Permission
from portal.ui import params


def managed(request: HttpRequest) -> Center:
    """The center whose roster the user may change. 404 without permission to view it, 403 with that only."""
    center = center_for(request, Permission.VIEW_DAY)
    require(request, Permission.MANAGE_CENTER, center)
    return center


def seen_shift(request: HttpRequest, pk: int) -> DutyShift:
    """A shift that the user may see, else 404; also a removed one, for which the service raises Changed."""
    return seen_row(request, DutyShift.objects.for_pages(), pk, "roster__center__division__code")


def asked_month(request: HttpRequest) -> date:
    """First day of the month of ?month=2026-12; of the current month when the parameter is missing or invalid."""
    return params.month(request.GET.get("month")) or months.starts(timezone.localdate())


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
    """The roster revision or primary key in a form field; -1, which matches nothing, when invalid."""
    seen = params.number(text)
    return -1 if seen is None else seen


def month_url(center: Center, month: date) -> str:
    return f"{reverse('duty')}?{urlencode({'center': center.code, 'month': f'{month:%Y-%m}'})}"
