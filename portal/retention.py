"""Data retention: anonymises rows whose retention period is over. Rows and statistics stay.

Source: Personal Information Protection Law, Art. 19 and 47 (the shortest period that the purpose needs). The periods
are rules of each county, with settings.RETENTION_DAYS as defaults. settings.RETENTION lists each app's function
`rules(at)`, because the project root imports no app.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.module_loading import import_string

from portal import locking

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
    """`at` minus the period of `what`, a key of settings.RETENTION_DAYS, for rows that have no division."""
    return at - timedelta(days=import_string(settings.RULE_VALUE)(_rule_of(what), None))


def overdue(at: datetime, what: str, moment: str, code: str) -> models.Q:
    """Rows whose period is over, each by the rule of its division. `moment` and `code` are lookups: since when the
    period runs (a DateTimeField, or `…__date` of a DateField), and the code of the row's division.
    """
    return _compared(at, what, moment, "lt", code)


def recent(at: datetime, what: str, moment: str, code: str) -> models.Q:
    """The opposite of `overdue`, also where the moment may be NULL."""
    return _compared(at, what, moment, "gte", code)


def _compared(at: datetime, what: str, moment: str, how: str, code: str) -> models.Q:
    field, is_day = moment.removesuffix("__date"), moment.endswith("__date")
    found = models.Q()
    for days, where in import_string(settings.RULE_GROUPS)(_rule_of(what), code):
        limit = at - timedelta(days=days)
        found |= where & models.Q(**{f"{field}__{how}": timezone.localdate(limit) if is_day else limit})
    return found


def _rule_of(what: str) -> str:
    return f"RETENTION_{what.upper()}_DAYS"


def numbered(prefix: str) -> Concat:
    """SQL expression like `gone-12`: prefix plus primary key, so that it is unique."""
    return Concat(models.Value(prefix), F("pk"), output_field=models.CharField())


def forget_history(rows: models.QuerySet) -> None:
    """Erase values from the rows' entries in the audit log and in the admin's own; actor, time and action stay."""
    LogEntry.objects.get_for_objects(rows).update(changes={}, changes_text="", object_repr="", serialized_data=None)
    pages = AdminLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(rows.model))
    pages.filter(object_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)]).update(
        object_repr="", change_message=""
    )


def _forget(rule: Rule) -> int:
    forgotten = 0
    while pks := list(rule.rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            due = _still_due(rule, pks)
            if due:
                rule.forget(due)
        forgotten += len(due)
    return forgotten


def _still_due(rule: Rule, pks: list[int]) -> list[int]:
    """Locked until the commit. Since they were listed, somebody may have booked again, or come back."""
    locking.lock(rule.rows.model, pks)
    # A second statement, which sees what was committed while the first one waited.
    return list(rule.rows.filter(pk__in=pks).order_by("pk").values_list("pk", flat=True))
