"""Invariants of messages (`manage.py check_invariants`, docs/operations.md)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from portal.notifications.models import Message, State

PATIENCE = timedelta(hours=1)


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    yield "No message is forgotten: an hour after it may go, it has gone or its fate is known.", _overdue(now)
    yield "No sender keeps a message for an hour.", _stuck(now)
    yield "A message that was sent says when.", Message.objects.filter(state=State.SENT, sent_at__isnull=True)


def _overdue(now: datetime) -> QuerySet:
    """By `ready_at`, which quiet hours and back-off move: what they delay is not overdue."""
    return Message.objects.filter(state=State.PENDING, ready_at__lt=now - PATIENCE)


def _stuck(now: datetime) -> QuerySet:
    return Message.objects.filter(state=State.SENDING, leased_until__lt=now - PATIENCE)
