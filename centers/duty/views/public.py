"""Public duty pages: the poster for the door, and the page of its QR code with 有人 and 没人."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centers import center_lookup
from centers.days import staffing
from centers.days.opening_state import opening_states
from centers.duty import presence
from centers.models import Center, Part
from portal.accounts.addresses import client_address
from portal.ui import qr
from portal.ui.errors import RuleBroken
from portal.ui.responses import status_of


@login_not_required
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster to print: who is on duty today, and the QR code for reporting that nobody is there."""
    center = center_lookup.center_or_404(code)
    address = settings.SITE_URL + reverse("here", args=[center.code])
    context = {
        "center": center,
        "today": timezone.localdate(),
        "opening_state": opening_states([center])[center.pk],
        "parts": today_at(center),
        "address": address,
        "drawing": qr.drawn(address),
    }
    return render(request, "centers/duty/poster.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest, code: str) -> HttpResponse:
    """Presence report by a villager at the door. No sign-in, no location, no photo."""
    center, refusal = center_lookup.center_or_404(code), None
    if request.method == "POST" and request.POST.get("found") in ("yes", "no"):
        found = request.POST["found"] == "yes"
        try:
            presence.report(center=center, found_somebody=found, address=client_address(request), by=request.user)
        except RuleBroken as broken:
            refusal = broken
        else:
            return redirect(f"{reverse('here', args=[center.code])}?said={'yes' if found else 'no'}")
    opening_state = opening_states([center])[center.pk]
    context = {
        "center": center,
        "opening_state": opening_state,
        "parts": today_at(center, opening_state.is_open),
        "is_due": presence.is_due(center, timezone.now()),
        "said": request.GET.get("said", ""),
        "refusal": refusal,
    }
    return render(request, "centers/duty/here.html", context, status=status_of(refusal))


def today_at(center: Center, is_open: bool = False) -> list[dict]:
    """Today's half days with people on duty; the current one is flagged while the center is open."""
    today, now = staffing.now_part()
    return [
        {
            "part": part,
            "word": Part(part).label,
            "is_now": part == now and is_open,
            "people": [one for one in people if not one.is_away],
        }
        for part, people in sorted(staffing.on_duty(center, today).items(), key=lambda one: Part.values.index(one[0]))
    ]
