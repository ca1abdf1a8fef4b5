"""Forgetting names and numbers that are no longer needed. Rows and figures stay: only who it was is gone.

Source: Personal Information Protection Law, Art. 19 and 47 (the shortest time that the purpose needs). The times
themselves are our defaults: settings.RETENTION_DAYS. Each app names what it forgets in a function `rules(at)` listed in
settings.RETENTION, since the project's root imports no app.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditlog.models import LogEntry
from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.module_loading import import_string

BATCH = 500
GONE = "gone-"  # and the row's number: a link that nobody was given
ANONYMOUS = "#"  # and the row's number: a name that no form accepts


@dataclass(frozen=True, slots=True)
class Rule:
    """`rows` are past their time and hold a name still; `forget` takes at most 500 of their primary keys.

    Rows that are forgotten must leave `rows`, or the job never ends.
    """

    rows: models.QuerySet
    forget: Callable[[list[int]], object]


Rules = Callable[[datetime], Iterable[Rule]]


def forget_old(at: datetime | None = None) -> int:
    """For settings.UPKEEP; returns how many rows were forgotten. Idempotent, and safe to break off."""
    at = at or timezone.now()
    return sum(_forget(rule) for path in settings.RETENTION for rule in import_string(path)(at))


def before(at: datetime, what: str) -> datetime:
    """The moment before which settings.RETENTION_DAYS[what] are over."""
    return at - timedelta(days=settings.RETENTION_DAYS[what])


def numbered(prefix: str) -> Concat:
    """`gone-12`: stays unique because it is made of the row's number."""
    return Concat(models.Value(prefix), F("pk"), output_field=models.CharField())


def forget_history(rows: models.QuerySet) -> None:
    """That something was changed stays in the audit log, by whom and when; what it said does not."""
    LogEntry.objects.get_for_objects(rows).update(changes={}, changes_text="", object_repr="", serialized_data=None)


def _forget(rule: Rule) -> int:
    forgotten = 0
    while pks := list(rule.rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rule.forget(pks)
        forgotten += len(pks)
    return forgotten
