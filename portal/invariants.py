"""What must be true of the stored rows whatever happened: asked every night, after a restore, and by tests.

Each app names its own in an `invariants(now)` that gives sentences with the rows that break them; settings.INVARIANTS
lists these functions, since the project's root imports no app. Most of it is held by constraints as well: this asks the
rows, because a constraint can be switched off, and because a counter and its rows are held together by no constraint.
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
    """Those of all apps, in the order of the settings."""
    for path in settings.INVARIANTS:
        yield from import_string(path)(now)


def violations(now: datetime | None = None) -> list[Violation]:
    """One query for each invariant, however many rows there are and however many break it."""
    now = now or timezone.now()
    found = []
    for sentence, rows in invariants(now):
        broken = list(rows.order_by("pk").values_list("pk", flat=True)[: LISTED + 1])
        if broken:
            found.append(Violation(sentence, rows.model._meta.label, broken))
    return found


def check_nightly() -> int:
    """For settings.UPKEEP: each violation is logged as an ERROR, which is what alarms. Returns their number."""
    found = violations()
    for violation in found:
        logger.error("%s", violation)
    return len(found)
