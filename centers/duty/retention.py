"""Data retention for duty: free texts and phone numbers are erased; shifts, leaves and findings stay."""

from collections.abc import Iterator
from datetime import datetime

from centers.models import Leave, PresenceReport, ShiftSwap, Staff
from portal.retention import Rule, forget_history, overdue


def rules(at: datetime) -> Iterator[Rule]:
    """Reasons of leave and swaps, phone numbers of former staff, and notes on presence reports."""
    away = overdue(at, "leave_reasons", "last_date__date", "staff__center__division__code")
    swapped = overdue(at, "leave_reasons", "shift__date__date", "shift__roster__center__division__code")
    left = overdue(at, "staff_phones", "left_on__date", "center__division__code")
    checked = overdue(at, "presence_notes", "at", "center__division__code")
    yield _rule(Leave.objects.filter(away).exclude(reason="", refusal=""), reason="", refusal="")
    yield _rule(ShiftSwap.objects.filter(swapped).exclude(reason=""), reason="")
    yield _rule(Staff.objects.filter(left).exclude(phone=""), phone="", is_phone_public=False)
    yield _rule(PresenceReport.objects.filter(checked).exclude(note=""), note="")


def _rule(rows, **emptied) -> Rule:
    def forget(pks: list[int]) -> None:
        found = rows.model.objects.filter(pk__in=pks)
        found.update(**emptied)
        forget_history(found)

    return Rule(rows, forget)
