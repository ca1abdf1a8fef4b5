"""Data retention: anonymises rows whose retention period is over. Rows and statistics stay.

Source: Personal Information Protection Law, Art. 19 and 47 (the shortest period that the purpose needs). The periods
are our defaults: settings.RETENTION_DAYS. settings.RETENTION lists each app's function `rules(at)`, because the
project root imports no app.
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
GONE = "gone-"  # plus primary key: replaces a link token
ANONYMOUS = "#"  # plus primary key: replaces a name; no form accepts such a name


@dataclass(frozen=True, slots=True)
class Rule:
    """`rows` are past their retention period and not anonymised yet; `forget` gets up to 500 primary keys.

    Anonymised rows must no longer match `rows`, or the job never ends.
    """

    rows: models.QuerySet
    forget: Callable[[list[int]], object]


Rules = Callable[[datetime], Iterable[Rule]]


def forget_old(at: datetime | None = None) -> int:
    """Job of settings.UPKEEP; returns how many rows were anonymised. Idempotent, and safe to interrupt."""
    at = at or timezone.now()
    return sum(_forget(rule) for path in settings.RETENTION for rule in import_string(path)(at))


def before(at: datetime, what: str) -> datetime:
    """`at` minus settings.RETENTION_DAYS[what]."""
    return at - timedelta(days=settings.RETENTION_DAYS[what])


def numbered(prefix: str) -> Concat:
    """SQL expression like `gone-12`: prefix plus primary key, so that it is unique."""
    return Concat(models.Value(prefix), F("pk"), output_field=models.CharField())


def forget_history(rows: models.QuerySet) -> None:
    """Erase values from the rows' audit log entries; actor, time and action stay."""
    LogEntry.objects.get_for_objects(rows).update(changes={}, changes_text="", object_repr="", serialized_data=None)


def _forget(rule: Rule) -> int:
    forgotten = 0
    while pks := list(rule.rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rule.forget(pks)
        forgotten += len(pks)
    return forgotten
