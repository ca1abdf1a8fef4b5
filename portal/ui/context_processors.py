"""What every page's frame needs to know."""

from django.conf import settings
from django.http import HttpRequest

from portal.ui.appearance import Appearance


def look(request: HttpRequest) -> dict:
    """`look`: elder mode, text size and contrast as <html> shows them; `DEMO`: show the mark."""
    return {"DEMO": settings.DEMO, "look": Appearance.of(request)}
