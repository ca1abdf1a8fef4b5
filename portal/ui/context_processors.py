"""Context of the base layout."""

from django.conf import settings
from django.http import HttpRequest

from portal.ui.appearance import Appearance


def look(request: HttpRequest) -> dict:
    """`look`: elder mode, text size and contrast, for <html>; `DEMO`: whether to show the demo mark."""
    return {"DEMO": settings.DEMO, "look": Appearance.of(request)}
