"""Reads the uploaded file into parts."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.importing.resources import CODE
from centers.models import SheetFile, SheetPart, SheetUpload
from centers.sheets.checking import packed
from centers.sheets.kinds import EXAMPLE, KINDS
from portal.ui.errors import RuleBroken
from portal.ui.sheets import gate, reading


def read(upload: SheetUpload) -> None:
    """Store the rows, and the file no longer. A file that cannot be read is refused with a sentence. Idempotent."""
    kind = KINDS[upload.kind]
    data = bytes(SheetFile.objects.get(upload=upload).data)
    try:
        sheet = reading.read(data, upload.name, kind.known, kind.required, gate.MAX_LIST_ROWS)
        upload.headers, upload.notes = sheet.headers, sheet.notes
        rows = _without_examples(upload, sheet)
        if not rows:
            raise RuleBroken(_("表里只有示例，还没有填。请从示例的下一行填起。"), code="only_examples")
    except RuleBroken as refusal:
        upload.refusal, rows = str(refusal)[:500], []
    now = timezone.now()
    with transaction.atomic():
        if not SheetFile.objects.filter(upload=upload).delete()[0]:
            return  # somebody else was faster
        pieces = [rows[at : at + kind.at_once] for at in range(0, len(rows), kind.at_once)]
        SheetPart.objects.bulk_create(
            (
                SheetPart(upload=upload, number=at, rows=[packed(*row) for row in piece])
                for at, piece in enumerate(pieces)
            ),
            batch_size=20,
        )
        upload.read_at, upload.rows, upload.done, upload.total = now, len(rows), 0, len(pieces)
        upload.save(update_fields=["read_at", "headers", "notes", "rows", "done", "total", "refusal"])


def _without_examples(upload: SheetUpload, sheet: reading.Sheet) -> list[tuple[reading.Where, list[str]]]:
    at = sheet.headers.index(CODE)
    rows = [row for row in sheet.rows if not row[1][at].replace(":", "：").startswith(EXAMPLE)]
    if examples := len(sheet.rows) - len(rows):
        upload.notes = [*upload.notes, _("有%(number)d行是示例，没有算。") % {"number": examples}]
    return rows
