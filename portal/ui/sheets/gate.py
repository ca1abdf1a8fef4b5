"""Limits of an uploaded spreadsheet, the checks that need no parser, and the sentence for each refusal.

The limits suit a county: lists of villages and residents, a few thousand rows at most. What a file holds is
judged by the process that reads it (`child.py`).
"""

from pathlib import PurePath

from django.utils.translation import gettext as _

from portal.ui.errors import RuleBroken

MAX_BYTES = 10 << 20
MAX_UNPACKED = 100 << 20
MAX_PARTS = 500
MAX_SHEETS = 50
MAX_NAME = 31  # of a sheet, as in Excel
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELL = 2_000
# Characters of all sheets together: a shared text is written once in the file, and counts wherever a cell shows it.
MAX_TEXT = 5_000_000
# Of the process that reads a file.
MAX_MEMORY = 200 << 20
MAX_SECONDS = 10
# Of a list that a job reads, in place of somebody who waits for the answer: rows, and the limits that go with them.
MAX_LIST_ROWS = 100_000
LIST_MEMORY, LIST_SECONDS, LIST_TEXT = 300 << 20, 60, 20_000_000
# Allowance for titles, notes and blank lines around the list.
SPARE_ROWS = 200

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def limits(rows: int = MAX_ROWS) -> dict[str, int]:
    """For a file of at most so many rows."""
    is_list = rows > MAX_ROWS
    return {
        "memory": LIST_MEMORY if is_list else MAX_MEMORY,
        "seconds": LIST_SECONDS if is_list else MAX_SECONDS,
        "parts": MAX_PARTS,
        "unpacked": MAX_UNPACKED,
        "sheets": MAX_SHEETS,
        "name": MAX_NAME,
        "rows": rows + SPARE_ROWS,
        "columns": MAX_COLUMNS,
        "cell": MAX_CELL,
        "text": LIST_TEXT if is_list else MAX_TEXT,
    }


def refusal(code: str, rows: int = MAX_ROWS) -> RuleBroken:
    """The refusal of what a file holds, by its code; `rows` as in `limits`."""
    sentence = {
        "encrypted": _("这个文件加了密码。请去掉密码再试。"),
        "no_sheet": _("这个文件里没有工作表。"),
        "entities": _("这个文件里有不该有的内容，没有打开。请用 Excel 或 WPS 重新另存。"),
        "unpacks_too_big": _("这个文件展开以后太大。请只留要导入的那张表，另存再试。"),
        "sheets": _("工作表太多，最多 %(most)d 张。请只留要导入的，另存再试。"),
        "long_name": _("有一张工作表的名称超过 %(most)d 个字，请改短。"),
        "rows": _("行太多，一次最多 %(most)d 行。请分成几份；下面空白的行也请删掉。"),
        "columns": _("列太多，最多 %(most)d 列。请删掉右边不用的列。"),
        "long_cell": _("有一格超过 %(most)d 个字，请删短。"),
        "csv": _("这个文件不是完整的 CSV。请用 Excel 或 WPS 重新另存。"),
        "busy": _("正好有别的表格在读。请过一会儿再传。"),
    }.get(code) or _("这个表格文件不完整或已损坏。请重新另存一次再传。")
    most = {
        "sheets": MAX_SHEETS,
        "long_name": MAX_NAME,
        "rows": rows,
        "columns": MAX_COLUMNS,
        "long_cell": MAX_CELL,
    }
    return RuleBroken(sentence, code=code, **({"most": most[code]} if code in most else {}))


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
    if kind == "csv" and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise RuleBroken(_("这是网页，不是表格。请用 Excel 或 WPS 打开后另存为 .xlsx。"), code="markup")
    return kind
