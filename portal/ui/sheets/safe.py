"""What goes out stays data: no cell of ours is ever a formula for the program that opens it.

Spreadsheet programs run a cell that begins with one of the characters below, also when they read it from csv,
and some after dropping blanks and invisible marks in front. Such a cell gets an apostrophe in front, which
programs show as text; numbers and dates stay what they are.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from portal.ui.sheets.encoding import INVISIBLE

DANGEROUS = tuple("=+-@|%")
_NATIVE = (int, float, Decimal, date, time)


def neutral(cell):
    """The cell, harmless: text that could be run has an apostrophe in front, everything else is as it was."""
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
    # Full-width signs are folded to plain ones by some programs, blanks and marks nobody sees are dropped.
    start = unicodedata.normalize("NFKC", text[:64].translate(INVISIBLE)).lstrip(" \t\r\n'\"")
    return start.startswith(DANGEROUS)


def _native(cell):
    if isinstance(cell, datetime) and timezone.is_aware(cell):
        return timezone.localtime(cell).replace(tzinfo=None)
    return cell


def csv_bytes(headers: list[str], rows: Iterable[Iterable]) -> bytes:
    """UTF-8 with the mark by which Excel knows it; every text in quotes, so that nothing breaks out of its cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in (headers, *rows):
        writer.writerow([neutral(_native(cell)) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


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
    # openpyxl guesses: "=1" would become a formula, "#N/A" an error.
    cell.data_type = "s"
    return cell
