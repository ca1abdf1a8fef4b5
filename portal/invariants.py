"""Invariants of the stored data, checked nightly, after a restore, and by tests.

settings.INVARIANTS lists functions `invariants(now)` that yield a sentence and the rows violating it (the project root
imports no app). Most are constraints as well; they are checked again because a constraint can be missing, and because
no constraint can compare a counter with the rows that it counts.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

LISTED = 20


@dataclass(frozen=True, slots=True)
class Violation:
    sentence: str
    model: str
    rows: list[int]

    def __str__(self) -> str:
        rows = ", ".join(str(pk) for pk in self.rows[:LISTED])
        return f"Broken: {self.sentence} {self.model} {rows}{' and more' if len(self.rows) > LISTED else ''}."


def invariants(now: datetime) -> Iterator[tuple[str, QuerySet]]:
    """The invariants of all apps, in the order of the settings."""
    for path in settings.INVARIANTS:
        yield from import_string(path)(now)


def violations(now: datetime | None = None) -> list[Violation]:
    """All violations; one query per invariant."""
    now = now or timezone.now()
    found = []
    for sentence, rows in invariants(now):
        broken = list(rows.order_by("pk").values_list("pk", flat=True)[: LISTED + 1])
        if broken:
            found.append(Violation(sentence, rows.model._meta.label, broken))
    return found


def check_nightly() -> int:
    """Job of settings.UPKEEP: logs each violation as an ERROR, for alerting. Returns their number."""
    found = violations()
    for violation in found:
        logger.error("%s", violation)
    return len(found)
