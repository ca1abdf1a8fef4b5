"""Uploaded sheets name people: their rows are erased, and with them what an undo would need."""

from collections.abc import Iterator
from datetime import datetime

from centers.models import SheetFile, SheetPart, SheetUpload
from portal.retention import Rule, before


def rules(at: datetime) -> Iterator[Rule]:
    old = SheetUpload.objects.filter(at__lt=before(at, "sheets"))
    named = old.exclude(name="", refusal="")
    yield Rule(named, lambda pks: SheetUpload.objects.filter(pk__in=pks).update(name="", refusal="", notes=[]))
    for model in (SheetPart, SheetFile):
        rows = model.objects.filter(upload__in=old)
        yield Rule(rows, lambda pks, model=model: model.objects.filter(pk__in=pks).delete())
