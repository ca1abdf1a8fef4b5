"""At which window somebody sits: asked once, and kept with their session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from centers.request_access import center_for
from portal.accounts.roles import Permission

WINDOWS = (1, 2, 3, 4, 5, 6)
KEY = "desk_window"


def window_of(request: HttpRequest) -> int | None:
    chosen = request.session.get(KEY)
    return chosen if chosen in WINDOWS else None


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """`window=0` asks anew."""
    center = center_for(request, Permission.MARK_ATTENDANCE)
    asked = request.POST.get("window", "")
    request.session[KEY] = next((window for window in WINDOWS if str(window) == asked), None)
    return redirect(f"{reverse('desk')}?center={center.code}")
