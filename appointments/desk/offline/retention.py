"""Retention of offline marks: names and matters are deleted, also of notes that were never entered."""

from collections.abc import Iterator
from datetime import datetime

from appointments.desk.offline.models import OfflineMark
from portal.retention import Rule, before


def rules(at: datetime) -> Iterator[Rule]:
    yield Rule(OfflineMark.objects.filter(made_at__lt=before(at, "guests")).exclude(name="", matter=""), _forget)


def _forget(pks: list[int]) -> None:
    OfflineMark.objects.filter(pk__in=pks).update(name="", matter="")
