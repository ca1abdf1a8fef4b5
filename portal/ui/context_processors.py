"""What every page's frame needs to know."""

from django.conf import settings
from django.http import HttpRequest


def look(request: HttpRequest) -> dict:
    return {"DEMO": settings.DEMO}
