"""Access checks of the duty pages, and parsing of their request parameters."""

from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from centers import access
from centers.duty import months
from centers.models import Center, DutyShift, Part
from centers.request_access import center_for
from portal.accounts.roles import Permission


def managed(request: HttpRequest) -> Center:
    """The center whose roster the user may change. 404 without permission to view it, 403 with that only."""
    center = center_for(request, Permission.VIEW_DAY)
    if not access.has_permission(request.user, Permission.MANAGE_CENTER, at=center):
        raise PermissionDenied
    return center


def seen_shift(request: HttpRequest, pk: int) -> DutyShift:
    """A shift that the user may see, else 404; also a removed one, for which the service raises Changed."""
    shifts = access.bounded(
        DutyShift.objects.for_pages(), "roster__center__division__code", request.user, Permission.VIEW_DAY
    )
    shift = shifts.filter(pk=pk).first()
    if shift is None:
        raise Http404("no such shift within reach")
    return shift


def asked_month(request: HttpRequest) -> date:
    """First day of the month of ?month=2026-12; of the current month when the parameter is missing or invalid."""
    day = _parsed(f"{request.GET.get('month', '')}-01")
    return months.starts(day or timezone.localdate())


def day_or_404(text: str) -> date:
    day = _parsed(text)
    if day is None:
        raise Http404("no such day")
    return day


def part_or_404(text: str) -> str:
    if text not in Part.values:
        raise Http404("no such half day")
    return text


def number(text: str | None) -> int:
    """The roster revision or primary key in a form field; -1, which matches nothing, when invalid."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


def month_url(center: Center, month: date) -> str:
    return f"{reverse('duty')}?{urlencode({'center': center.code, 'month': f'{month:%Y-%m}'})}"


def _parsed(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 < day.year < 2100 else None
