"""Deletes what is over: sessions, the list of a user's devices, and values of the cache (job `clear-expired`)."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone


def clear_expired(at: datetime | None = None) -> int:
    """Returns how many rows were deleted."""
    at = at or timezone.now()
    sessions, _rows = Session.objects.filter(expire_date__lt=at).delete()
    standing = Session.objects.filter(session_key=OuterRef("session_key"))
    devices, _rows = UserSession.objects.filter(~Exists(standing)).delete()
    return sessions + devices + _cached(at)


def _cached(at: datetime) -> int:
    """The cache deletes what has expired only when it is full, or asked for it: a sheet that was uploaded, a draft."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [connection.ops.adapt_datetimefield_value(at)])
        return cursor.rowcount
