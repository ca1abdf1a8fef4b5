"""Data retention: erases texts and addresses of messages; counts, times and states stay for statistics."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from portal.notifications.models import Message
from portal.notifications.services.leases import LOGIN_CODE
from portal.retention import GONE, before, numbered

EMPTY = {"body": "", "address": "", "detail": "", "last_error": ""}


def forget(*, subjects: Iterable[str] = (), people: Iterable[str] = ()) -> int:
    """Erase text and address of all messages about these subjects or to these people."""
    said = Message.objects.filter(Q(subject__in=list(subjects)) | Q(person__in=list(people)))
    return said.update(**EMPTY)


def forget_old(at: datetime | None = None) -> int:
    """Erase messages older than the rule RETENTION_MESSAGES_DAYS; returns how many rows changed."""
    limit = before(at or timezone.now(), "messages")
    # Of releases in which the keys of a sign-in code were made of the number.
    numbers = Message.objects.filter(kind=LOGIN_CODE, person__startswith="phone:")
    nobody = numbered(f"login:{GONE}")
    renamed = numbers.update(subject=nobody, person=nobody)
    return renamed + Message.objects.filter(due_at__lt=limit).exclude(**EMPTY).update(**EMPTY)
