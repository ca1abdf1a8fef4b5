"""Retention of offline marks: names and matters are deleted, also of notes that were never entered."""

from collections.abc import Iterator
from datetime import datetime

from appointments.desk.offline.models import OfflineMark
from portal.retention import Rule, overdue


def rules(at: datetime) -> Iterator[Rule]:
    past = overdue(at, "guests", "made_at", "center__division__code")
    yield Rule(OfflineMark.objects.filter(past).exclude(name="", matter=""), _forget)


def _forget(pks: list[int]) -> None:
    OfflineMark.objects.filter(pk__in=pks).update(name="", matter="")
