"""Export without formula injection (CSV injection).

Spreadsheet programs evaluate text that begins with one of the characters below, also from csv, and some after skipping
leading whitespace and invisible characters. Such a cell is prefixed with an apostrophe, which makes it text; numbers
and dates stay as they are.

They also rewrite text that looks like something else: `3-1` becomes a date, `03995551234` loses its zero, a code of
twelve digits its end. In xlsx all text is formatted as text, which also holds when somebody retypes it; in csv such a
text has a tab in front, which the import drops.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles.numbers import FORMAT_TEXT

from portal.ui.sheets.encoding import INVISIBLE

# Leading zero, more digits than a program shows, or what looks like a date.
_REWRITTEN = re.compile(r"0\d+|\d{12,}|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?|\d+(?:\.\d+)?[Ee]\+?\d+", re.ASCII)
DANGEROUS = tuple("=+-@|%")
_NATIVE = (int, float, Decimal, date, time)


def neutral(cell):
    """The cell, escaped: text that could be a formula gets an apostrophe in front, all else is unchanged."""
    if cell is None:
        return ""
    if isinstance(cell, bool) or not isinstance(cell, (str, *_NATIVE)):
        cell = str(cell)
    if not isinstance(cell, str):
        return cell
    cell = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{cell}" if could_run(cell) else cell


def could_run(text: str) -> bool:
    if text[:1] in ("\t", "\r", "\n"):
        return True
    # Some programs fold full-width characters and skip whitespace and invisible characters.
    start = unicodedata.normalize("NFKC", text[:64].translate(INVISIBLE)).lstrip(" \t\r\n'\"")
    return start.startswith(DANGEROUS)


def _native(cell):
    if isinstance(cell, datetime) and timezone.is_aware(cell):
        return timezone.localtime(cell).replace(tzinfo=None)
    return cell


def csv_bytes(headers: list[str], rows: Iterable[Iterable]) -> bytes:
    """CSV in UTF-8 with BOM (for Excel), all text quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in (headers, *rows):
        writer.writerow([_kept_as_text(neutral(_native(cell))) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _kept_as_text(cell):
    return f"\t{cell}" if isinstance(cell, str) and _REWRITTEN.fullmatch(cell) else cell


def xlsx_bytes(headers: list[str], rows: Iterable[Iterable]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    for row in (headers, *rows):
        sheet.append([_cell(sheet, neutral(_native(cell))) for cell in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _cell(sheet, value):
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value.encode("utf-8", "replace").decode()[:32_767])
    # Set the type: openpyxl would guess "=1" to be a formula and "#N/A" an error.
    cell.data_type, cell.number_format = "s", FORMAT_TEXT
    return cell
