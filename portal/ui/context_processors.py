"""Context of the base layout."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from portal.ui.appearance import Appearance


def look(request: HttpRequest) -> dict:
    """`look`: elder mode, text size and contrast, for <html>; `DEMO`: whether to show the demo mark; `demo_now`: what
    its clock shows, None without one.
    """
    now = timezone.now().replace(second=0, microsecond=0) if settings.DEMO_CLOCK else None
    return {"DEMO": settings.DEMO, "demo_now": now, "look": Appearance.of(request)}
