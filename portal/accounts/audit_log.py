"""The record of changes begins with who made a row, when and from where; what was in it, the row says itself.

The library's own entry would list every value once more. That costs a booking a tenth of its time and tells
nothing: each later change is kept with the value before and after.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.accounts.audit_context import current_context
from portal.prepared import PreparedInsert


class Entry(NamedTuple):
    """Fields of a LogEntry, of the same names; the others begin as the model says."""

    content_type_id: int
    object_pk: str
    object_id: int
    object_repr: str
    action: int
    actor_id: int | None
    actor_email: str | None
    remote_addr: str | None


_insert = PreparedInsert(LogEntry, given=Entry._fields)
_gathered: ContextVar[list[models.Model] | None] = ContextVar("rows whose creation is noted together", default=None)


def log_creation(made: models.Model) -> None:
    """For a row that was written without the model's signals, inside the caller's transaction."""
    if (rows := _gathered.get()) is not None:
        rows.append(made)
    else:
        _log([made], LogEntry.Action.CREATE)


@contextmanager
def log_creations_together() -> Iterator[None]:
    """Creations inside are noted at its end, in one statement. It stands inside a transaction: of what is rolled back
    nothing is noted either.
    """
    token = _gathered.set([])
    try:
        yield
        rows = _gathered.get() or []
    finally:
        _gathered.reset(token)
    _log(rows, LogEntry.Action.CREATE)


def log_access(seen: Iterable[models.Model]) -> None:
    """That somebody saw these people's names and numbers in full, in one statement for a whole list."""
    _log(seen, LogEntry.Action.ACCESS)


def _log(rows: Iterable[models.Model], action: int) -> None:
    who, of = current_context(), ContentType.objects.get_for_model
    _insert([Entry(of(row).pk, str(row.pk), row.pk, str(row), action, *who) for row in rows])
