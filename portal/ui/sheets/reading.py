"""Parses a checked spreadsheet into rows of text with their row numbers in the file."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import python_calamine
from django.utils.translation import gettext as _

from portal.ui.errors import RuleBroken
from portal.ui.sheets import gate
from portal.ui.sheets.encoding import encoding_of, tidy
from portal.ui.sheets.safe import could_run

# The header is searched in the first rows, below titles and notes.
HEADER_WITHIN = 10
_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True)
class Sheet:
    headers: list[str]
    rows: list[tuple[int, list[str]]]


def read(data: bytes, name: str, known: Iterable[str]) -> Sheet:
    """Parses the list; its header is the first row with at least two (or all) of the `known` columns.

    Empty rows are left out. Raises RuleBroken for a file that cannot be read.
    """
    kind = gate.kind_of(data, name)
    known = list(known)
    sheets = _workbook(data) if kind == "xlsx" else iter([_csv(data)])
    for rows in sheets:
        numbered = ((number, [text(cell) for cell in cells]) for number, cells in enumerate(rows, start=1))
        start = list(itertools.islice(numbered, HEADER_WITHIN))
        for at, (_number, cells) in enumerate(start):
            if len(set(cells) & set(known)) >= min(2, len(known)):
                return _sheet(cells, itertools.chain(start[at + 1 :], numbered))
    raise RuleBroken(
        _("没有找到表头。要有这些列：%(columns)s。可以先导出一份，照着填。"), code="header", columns="、".join(known)
    )


def _sheet(headers: list[str], rows: Iterable[tuple[int, list[str]]]) -> Sheet:
    columns = [at for at, header in enumerate(headers) if header]
    names = [headers[at] for at in columns]
    if repeated := next((name for name in names if names.count(name) > 1), None):
        raise RuleBroken(_("表头“%(name)s”出现了两次，请删掉一列。"), code="header_twice", name=repeated)
    kept: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        row = [cells[at] if at < len(cells) else "" for at in columns]
        if any(row):
            kept.append((number, row))
        if len(kept) > gate.MAX_ROWS:
            raise gate.too_many_rows()
    if not kept:
        raise RuleBroken(_("表里只有表头，没有内容。"), code="header_only")
    return Sheet(names, kept)


def text(cell) -> str:
    """A cell as text; a phone number stored as a float gets no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        cell = cell.date()
    said = cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
    if len(said) > gate.MAX_CELL:
        raise RuleBroken(_("有一格超过 %(most)d 个字，请删短。"), code="long_cell", most=gate.MAX_CELL)
    said = tidy(said).translate(_FULL_WIDTH_DIGITS)
    # Undo the apostrophe of our export's escaping.
    return said[1:] if said.startswith("'") and could_run(said[1:]) else said


def _workbook(data: bytes) -> Iterator[Iterable]:
    """The rows of each visible sheet, in order: the list may be on any of them."""
    workbook = _guarded(lambda: python_calamine.load_workbook(io.BytesIO(data)))
    for sheet in workbook.sheets_metadata:
        is_table = sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        if is_table and sheet.visible == python_calamine.SheetVisibleEnum.Visible:
            yield _guarded(lambda name=sheet.name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))


def _guarded(step):
    try:
        return step()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust reader is a BaseException
        raise RuleBroken(_("这个表格文件不完整或已损坏。请重新另存一次再传。"), code="damaged") from error


def _csv(data: bytes) -> Iterator[list[str]]:
    encoding = encoding_of(io.BytesIO(data))
    lines = io.StringIO(data.decode(encoding).replace("\0", ""), newline="")
    head = lines.readline()
    lines.seek(0)
    separator = max(",;\t", key=head.count)
    # A title row has no separator: then assume a comma, unless the rows below have another.
    if not head.count(separator):
        separator = max(",;\t", key=lines.getvalue()[:2000].count)
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=separator)):
            if number > gate.MAX_ROWS + gate.SPARE_ROWS:
                raise gate.too_many_rows()
            if len(cells) > gate.MAX_COLUMNS and any(cells[gate.MAX_COLUMNS :]):
                raise RuleBroken(
                    _("列太多，最多 %(most)d 列。请删掉右边不用的列。"), code="columns", most=gate.MAX_COLUMNS
                )
            yield cells
    except csv.Error as error:
        raise RuleBroken(_("这个文件不是完整的 CSV。请用 Excel 或 WPS 重新另存。"), code="csv") from error
