"""Audit log entries written in bulk: who created or read a row, when and from where, without its values.

django-auditlog's own CREATE entry repeats every value of the row. That costs a booking a tenth of its time and adds
nothing: each later change is logged with its old and new value.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from auditlog.diff import model_instance_diff
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.accounts.audit_context import current_context
from portal.prepared import PreparedInsert


class Entry(NamedTuple):
    """The fields of a LogEntry that are set; the others take the model's defaults."""

    content_type_id: int
    object_pk: str
    object_id: int
    object_repr: str
    action: int
    actor_id: int | None
    actor_email: str | None
    remote_addr: str | None


_insert = PreparedInsert(LogEntry, given=Entry._fields)
_gathered: ContextVar[list[models.Model] | None] = ContextVar("rows whose CREATE entries are batched", default=None)


def log_creation(made: models.Model) -> None:
    """Log the creation of a row that was inserted without signals, in the caller's transaction."""
    if (rows := _gathered.get()) is not None:
        rows.append(made)
    else:
        _log([made], LogEntry.Action.CREATE)


@contextmanager
def log_creations_together() -> Iterator[None]:
    """Batch the `log_creation` calls of a block into one INSERT at its end. Use it inside a transaction, so that a
    rollback discards the entries too.
    """
    token = _gathered.set([])
    try:
        yield
        rows = _gathered.get() or []
    finally:
        _gathered.reset(token)
    _log(rows, LogEntry.Action.CREATE)


def log_updates(pairs: Iterable[tuple[models.Model, models.Model]]) -> None:
    """Log changes of rows that were written without signals, with old and new values: (as it was, as it is)."""
    who, of = current_context()._asdict(), ContentType.objects.get_for_model
    entries = []
    for before, after in pairs:
        if changes := model_instance_diff(before, after):
            keys = {"content_type": of(after), "object_pk": str(after.pk), "object_id": after.pk}
            said = {"object_repr": str(after), "action": LogEntry.Action.UPDATE, "changes": changes}
            entries.append(LogEntry(**keys, **said, **who))
    LogEntry.objects.bulk_create(entries, batch_size=500)


def log_access(seen: Iterable[models.Model]) -> None:
    """Log that the current user saw these rows' names and numbers unmasked: one INSERT for a whole list."""
    _log(seen, LogEntry.Action.ACCESS)


def _log(rows: Iterable[models.Model], action: int) -> None:
    who, of = current_context(), ContentType.objects.get_for_model
    _insert([Entry(of(row).pk, str(row.pk), row.pk, str(row), action, *who) for row in rows])
