"""Parses a checked spreadsheet into rows of text with their row numbers in the file."""

import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from portal.ui.errors import RuleBroken
from portal.ui.sheets import apart, gate, headers
from portal.ui.sheets.encoding import encoding_of, tidy
from portal.ui.sheets.safe import could_run
from portal.ui.sheets.spoiled import marked

# The header is searched in the first rows, below titles and notes.
HEADER_WITHIN = 10
_FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True, order=True)
class Where:
    """A row of the file, as people find it: 第 5 行, or “二组”第 5 行 if several sheets were read."""

    place: int  # of its sheet in the workbook
    number: int
    sheet: str = ""

    def __str__(self) -> str:
        row = _("第 %(number)d 行") % {"number": self.number}
        return f"“{self.sheet}”{row}" if self.sheet else row


@dataclass(frozen=True)
class Sheet:
    """The rows of all sheets that were read, under the headers of all of them."""

    headers: list[str]
    rows: list[tuple[Where, list[str]]]
    notes: list[str] = field(default_factory=list)  # what to know before it is imported


@dataclass
class _Part:
    """One sheet of the file. `missing`: required columns that it lacks."""

    name: str
    is_visible: bool = True
    headers: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    has_header: bool = False
    is_empty: bool = True


def read(
    data: bytes, name: str, known: Iterable[str], required: Iterable[str] = (), most: int = gate.MAX_ROWS
) -> Sheet:
    """Parses the lists on all visible sheets; a header is the first row with at least two (or all) of `known`.

    Empty rows are left out, and so are sheets without a header, or without all `required` columns while another has
    them: `notes` names them, except the explanations of a template. Raises RuleBroken for a file that cannot be read,
    or that has more than `most` rows.
    """
    kind = gate.kind_of(data, name)
    known, required = list(known), list(required)
    sheets = apart.sheets_of(data, encoding_of(io.BytesIO(data)) if kind == "csv" else "", most)
    hidden = {sheet["name"]: set(sheet["hidden"]) for sheet in sheets}
    # Popped: of a long list its cells and its rows of text would be too big together.
    parts = [
        _part(sheet["name"], sheet["visible"], sheet.pop("rows"), known, required, most)
        for sheet in sheets
        if sheet["name"] != headers.EXPLANATIONS
    ]
    lists = [part for part in parts if part.is_visible and part.has_header]
    if not lists:
        raise RuleBroken(
            _("没有找到表头。要有这些列：%(columns)s。可以先导出一份，照着填。"),
            code="header",
            columns="、".join(known),
        )
    whole = [part for part in lists if not part.missing]
    if not whole:
        raise RuleBroken(_("缺少这些列：%(columns)s"), code="columns", columns="、".join(lists[0].missing))
    read_ones = [part for part in whole if part.rows]
    if not read_ones:
        raise RuleBroken(_("表里只有表头，没有内容。"), code="header_only")
    if sum(len(part.rows) for part in read_ones) > most:
        raise gate.refusal("rows", most)
    return _together(parts, read_ones, hidden)


def _part(title: str, is_visible: bool, rows: Iterable, known: list[str], required: list[str], most: int) -> _Part:
    part = _Part(title, is_visible)
    numbered = ((number, [text(cell) for cell in cells]) for number, cells in enumerate(rows, start=1))
    start = list(itertools.islice(numbered, HEADER_WITHIN))
    part.is_empty = not any(any(cells) for _number, cells in start)
    for at, (_number, cells) in enumerate(start):
        if headers.count(cells, known) >= min(2, len(known)):
            part.has_header = True
            if is_visible:
                names = headers.named(cells, known)
                columns = [at for at, header in enumerate(names) if header]
                part.headers = [names[at] for at in columns]
                part.missing = [column for column in required if column not in part.headers]
                part.rows = _rows(columns, itertools.chain(start[at + 1 :], numbered), most)
            break
    return part


def _rows(columns: list[int], rows: Iterable[tuple[int, list[str]]], most: int) -> list[tuple[int, list[str]]]:
    kept: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        row = [cells[at] if at < len(cells) else "" for at in columns]
        if any(row):
            kept.append((number, row))
        if len(kept) > most:
            raise gate.refusal("rows", most)
    return kept


def _together(parts: list[_Part], read_ones: list[_Part], hidden_rows: dict[str, set[int]]) -> Sheet:
    names = list(dict.fromkeys(name for part in read_ones for name in part.headers))
    rows, unseen = [], 0
    for place, part in enumerate(read_ones):
        title = part.name if len(read_ones) > 1 else ""
        for number, cells in part.rows:
            row = dict(zip(part.headers, cells, strict=True))
            rows.append((Where(place, number, title), [row.get(name, "") for name in names]))
            unseen += number in hidden_rows.get(part.name, ())
    return Sheet(names, rows, list(_notes(parts, read_ones, len(rows), unseen)))


def _notes(parts: list[_Part], read_ones: list[_Part], rows: int, unseen: int) -> Iterator[str]:
    if len(read_ones) > 1:
        said = {"number": len(read_ones), "names": "、".join(part.name for part in read_ones), "rows": rows}
        yield _("读了%(number)d张工作表（%(names)s），一共%(rows)d行。") % said
    if left_out := [part for part in parts if part not in read_ones and not part.is_empty]:
        said = {"names": "、".join(_("%(name)s（%(why)s）") % {"name": p.name, "why": _why(p)} for p in left_out)}
        yield _("这些工作表没有读：%(names)s。") % said
    if unseen:
        yield _(
            "有%(unseen)d行在表格里是隐藏的（筛选掉了，或者收起来了），也算在里面，会一起导入。不要的请先删掉。"
        ) % {"unseen": unseen}


def _why(part: _Part) -> str:
    if not part.is_visible:
        return _("隐藏的")
    if not part.has_header:
        return _("没有表头")
    if part.missing:
        return _("缺少%(columns)s") % {"columns": "、".join(part.missing)}
    return _("只有表头")


def text(cell) -> str:
    """A cell as text, Spoiled where it may not be what was typed; a number stored as a float gets no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        cell = cell.date()
    said = cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
    said = tidy(said).translate(_FULL_WIDTH_DIGITS)
    # Undo the apostrophe of our export's escaping.
    return marked(said[1:] if said.startswith("'") and could_run(said[1:]) else said, cell)
