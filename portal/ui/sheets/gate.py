"""Checks an uploaded spreadsheet before any library parses it (zip bombs, XML entities, size limits).

The limits suit a county: lists of villages and residents, a few thousand rows at most.
"""

import io
import re
import zipfile
from pathlib import PurePath

from django.utils.translation import gettext as _

from portal.ui.errors import RuleBroken

MAX_BYTES = 10 << 20
MAX_UNPACKED = 100 << 20
MAX_PARTS = 500
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELL = 2_000
# Allowance for titles, notes and blank lines around the list.
SPARE_ROWS = 200
CHUNK = 1 << 20

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOK = "xl/workbook.xml"
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_REFERENCE = re.compile(rb"<(?:\w+:)?c\b[^>]{0,200}?\br\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,10})[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\b")


def kind_of(data: bytes, name: str) -> str:
    """`xlsx` or `csv`, by content, which must match the file name. Raises RuleBroken otherwise."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise RuleBroken(_("只收 .xlsx 和 .csv 文件。请用 Excel 或 WPS 另存为其中一种。"), code="suffix")
    if not data.strip():
        raise RuleBroken(_("这个文件是空的。"), code="empty")
    if len(data) > MAX_BYTES:
        raise RuleBroken(_("文件超过 %(most)d MB，请分成几份。"), code="too_big", most=MAX_BYTES >> 20)
    if data.startswith(_OLE):
        raise RuleBroken(_("这个文件加了密码，或者是老的 .xls 格式。请去掉密码，另存为 .xlsx 再试。"), code="ole")
    kind = "xlsx" if data.startswith(_ZIP) else "csv"
    if kind != suffix[1:]:
        raise RuleBroken(_("文件的内容和后缀 %(suffix)s 不一样。请重新另存一次。"), code="disguised", suffix=suffix)
    if kind == "xlsx":
        check_workbook(data)
    elif data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise RuleBroken(_("这是网页，不是表格。请用 Excel 或 WPS 打开后另存为 .xlsx。"), code="markup")
    return kind


def check_workbook(data: bytes) -> None:
    """Decompress every part once in chunks, checking sizes, XML declarations and the largest cell reference.

    The parser allocates all cells between the first and the last one, so that a single cell in row 1,048,576 must be
    detected first.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise RuleBroken(_("这个表格文件不完整或已损坏。请重新另存一次再传。"), code="damaged") from error
    except zipfile.zlib.error as error:
        raise RuleBroken(_("这个表格文件不完整或已损坏。请重新另存一次再传。"), code="damaged") from error


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if any(part.flag_bits & 0x1 for part in parts):
        raise RuleBroken(_("这个文件加了密码。请去掉密码再试。"), code="encrypted")
    if _WORKBOOK not in names or not any(_SHEET.match(name) for name in names):
        raise RuleBroken(_("这个文件里没有工作表。"), code="no_sheet")
    if len(parts) > MAX_PARTS or len(names) != len(parts) or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise RuleBroken(_("这个文件展开以后太大。请只留要导入的那张表，另存再试。"), code="unpacks_too_big")


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    # The zip directory may lie about sizes: reading stops there, and the CRC check fails.
    is_sheet = bool(_SHEET.match(part.filename))
    rows = cells = 0
    tail = b""
    with archive.open(part) as stream:
        first = True
        while piece := stream.read(CHUNK):
            if first and part.filename.endswith((".xml", ".rels")):
                _check_declarations(piece)
            first = False
            if is_sheet:
                window = tail + piece
                rows += len(_ROW.findall(window)) - len(_ROW.findall(tail))
                cells += len(_CELL.findall(window)) - len(_CELL.findall(tail))
                _check_reach(window)
                if rows > MAX_ROWS + SPARE_ROWS or cells > (MAX_ROWS + SPARE_ROWS) * MAX_COLUMNS:
                    raise too_many_rows()
                tail = window[-256:]


def _check_declarations(head: bytes) -> None:
    plain = head.replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise RuleBroken(_("这个文件里有不该有的内容，没有打开。请用 Excel 或 WPS 重新另存。"), code="entities")


def _check_reach(window: bytes) -> None:
    for letters, number in _REFERENCE.findall(window):
        if int(number) > MAX_ROWS + SPARE_ROWS:
            raise too_many_rows()
        if len(letters) > 2 or _column(letters) > MAX_COLUMNS:
            raise RuleBroken(_("列太多，最多 %(most)d 列。请删掉右边不用的列。"), code="columns", most=MAX_COLUMNS)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def too_many_rows() -> RuleBroken:
    return RuleBroken(_("行太多，一次最多 %(most)d 行。请分成几份；下面空白的行也请删掉。"), code="rows", most=MAX_ROWS)
