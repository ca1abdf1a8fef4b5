"""Data retention for duty: free texts and phone numbers are erased; shifts, leaves and findings stay."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from centers.models import Leave, PresenceReport, ShiftSwap, Staff
from portal.retention import Rule, before, forget_history


def rules(at: datetime) -> Iterator[Rule]:
    """Reasons of leave and swaps, phone numbers of former staff, and notes on presence reports."""
    reasons = before(at, "leave_reasons").date()
    left = timezone.localdate(before(at, "staff_phones"))
    yield _rule(Leave.objects.filter(last_date__lt=reasons).exclude(reason="", refusal=""), reason="", refusal="")
    yield _rule(ShiftSwap.objects.filter(shift__date__lt=reasons).exclude(reason=""), reason="")
    yield _rule(Staff.objects.filter(left_on__lt=left).exclude(phone=""), phone="", is_phone_public=False)
    yield _rule(PresenceReport.objects.filter(at__lt=before(at, "presence_notes")).exclude(note=""), note="")


def _rule(rows, **emptied) -> Rule:
    def forget(pks: list[int]) -> None:
        found = rows.model.objects.filter(pk__in=pks)
        found.update(**emptied)
        forget_history(found)

    return Rule(rows, forget)
