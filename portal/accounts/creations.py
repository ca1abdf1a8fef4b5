"""The record of changes begins with who made a row, when and from where; what was in it, the row says itself.

The library's own entry would list every value once more. That costs a booking a tenth of its time and tells
nothing: each later change is kept with the value before and after.
"""

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.signals import pre_save

from portal.prepared import PreparedInsert

_insert = PreparedInsert(LogEntry)


def note_creation(made: models.Model) -> None:
    """For a row that was written without the model's signals, inside the caller's transaction."""
    entry = LogEntry(
        content_type=ContentType.objects.get_for_model(made),
        object_pk=str(made.pk),
        object_id=made.pk,
        object_repr=str(made),
        action=LogEntry.Action.CREATE,
    )
    # As a save would: the library's middleware listens, and puts in who asks and from which address.
    pre_save.send(LogEntry, instance=entry)
    _insert([entry])
