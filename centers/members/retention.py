"""Data retention for people with logins: why somebody needed help is forgotten; who did what when stays."""

from collections.abc import Iterator
from datetime import datetime

from centers.models import MemberChange
from portal.retention import Rule, before, forget_history


def rules(at: datetime) -> Iterator[Rule]:
    yield Rule(MemberChange.objects.filter(at__lt=before(at, "leave_reasons")).exclude(reason=""), _forget)


def _forget(pks: list[int]) -> None:
    rows = MemberChange.objects.filter(pk__in=pks)
    rows.update(reason="")
    forget_history(rows)
