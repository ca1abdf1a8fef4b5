"""Uploaded sheets name people: their rows are erased, and with them what an undo would need."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db import models

from centers.models import SheetFile, SheetPart, SheetUpload
from portal.retention import Rule, before


def rules(at: datetime) -> Iterator[Rule]:
    old = SheetUpload.objects.filter(at__lt=before(at, "sheets"))
    named = old.exclude(name="", refusal="")
    yield Rule(named, lambda pks: SheetUpload.objects.filter(pk__in=pks).update(name="", refusal="", notes=[]))
    yield Rule(SheetPart.objects.filter(upload__in=old), partial(_delete, SheetPart))
    yield Rule(SheetFile.objects.filter(upload__in=old), partial(_delete, SheetFile))


def _delete(model: type[models.Model], pks: list[int]) -> None:
    model._default_manager.filter(pk__in=pks).delete()
