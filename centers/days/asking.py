"""For pages that change who is there or when it is open: ask first if bookings are touched."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


def change_or_ask(request: HttpRequest, change: Callable[[], Any], **page) -> Any:
    """Make the change, or get a page that names whom it touches; see settings.CHANGE_OR_ASK."""
    return import_string(settings.CHANGE_OR_ASK)(request, change, **page)


def booked_on(days: Collection[date]) -> tuple[int, int]:
    """Bookings on these days whose time is open by now, and at how many centers; see settings.BOOKED_ON."""
    return import_string(settings.BOOKED_ON)(days)
