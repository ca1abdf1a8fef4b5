"""The public call screen (叫号屏): numbers and windows in large type, read aloud. No names."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from appointments.tickets.hall import hall
from appointments.tickets.models import Priority
from centers import center_lookup
from centers.models import Center

CALLED, COMING = 4, 6


@login_not_required
@require_safe
def screen(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "appointments/tickets/screen.html", _context(center_lookup.center_or_404(code)))


@login_not_required
@require_safe
@cache_control(max_age=2, public=True)
def calls(request: HttpRequest, code: str) -> HttpResponse:
    """Polled by the screen every few seconds; the response is cacheable, so that many screens can share it."""
    return render(request, "appointments/tickets/_calls.html", _context(center_lookup.center_or_404(code)))


def _context(center: Center) -> dict:
    here = hall(center)
    return {
        "center": center,
        "now": timezone.now(),
        "calls": [ticket for ticket in here.calls if ticket.is_called][:CALLED],
        "coming": here.waiting[:COMING],
        "more": max(0, len(here.waiting) - COMING),
        "first": Priority.enabled_labels(center.pk),
    }
