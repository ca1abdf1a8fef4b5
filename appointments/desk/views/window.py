"""The window at which the user sits, stored in the session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from centers.models import Center
from centers.request_access import center_for
from portal.accounts.roles import Permission

KEY = "desk_window"


def window_of(request: HttpRequest) -> int | None:
    chosen = request.session.get(KEY)
    return chosen if isinstance(chosen, int) else None


def windows_of(center: Center) -> range:
    return range(1, center.windows + 1)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """`window=0` clears the choice."""
    center = center_for(request, Permission.MARK_ATTENDANCE)
    asked = request.POST.get("window", "")
    request.session[KEY] = next((window for window in windows_of(center) if str(window) == asked), None)
    return redirect(f"{reverse('desk')}?center={center.code}")
