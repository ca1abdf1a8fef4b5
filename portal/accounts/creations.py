"""The record of changes begins with who made a row, when and from where; what was in it, the row says itself.

The library's own entry would list every value once more. That costs a booking a tenth of its time and tells
nothing: each later change is kept with the value before and after.
"""

from collections.abc import Iterable

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.signals import pre_save

from portal.prepared import PreparedInsert

_insert = PreparedInsert(LogEntry)


def note_creation(made: models.Model) -> None:
    """For a row that was written without the model's signals, inside the caller's transaction."""
    _insert([_entry(made, LogEntry.Action.CREATE)])


def note_views(seen: Iterable[models.Model]) -> None:
    """That somebody saw these people's names and numbers in full, in one statement for a whole list."""
    _insert([_entry(row, LogEntry.Action.ACCESS) for row in seen])


def _entry(row: models.Model, action: int) -> LogEntry:
    entry = LogEntry(
        content_type=ContentType.objects.get_for_model(row),
        object_pk=str(row.pk),
        object_id=row.pk,
        object_repr=str(row),
        action=action,
    )
    # As a save would: the library's middleware listens, and puts in who asks and from which address.
    pre_save.send(LogEntry, instance=entry)
    return entry
