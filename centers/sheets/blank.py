"""The template of a sheet: headers, an example row, and a sheet that explains the columns."""

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.utils import get_column_letter

from centers.sheets.kinds import EXAMPLE, Kind
from portal.ui.sheets.headers import EXPLANATIONS
from portal.ui.sheets.safe import csv_bytes

_HEAD = {"font": Font(bold=True), "fill": PatternFill("solid", fgColor="F0C15B")}
_PLAIN_HEAD = {"font": Font(bold=True), "fill": PatternFill("solid", fgColor="EEE8DC")}
_EXAMPLE = {"font": Font(italic=True, color="5E584E")}
_WRAP = {"alignment": Alignment(wrap_text=True, vertical="top")}


def template(kind: Kind) -> bytes:
    """As xlsx. All cells are text, so that a program keeps `3-1` and leading zeros; required columns have a *."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("填这里"))
    sheet.freeze_panes = "A2"
    for at, column in enumerate(kind.columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = max(14, 2 * len(column.heading) + 4)
        sheet.column_dimensions[get_column_letter(at)].number_format = FORMAT_TEXT
    sheet.append(
        _cell(sheet, f"{one.heading}*" if one.is_required else one.heading, **_HEAD if one.is_required else _PLAIN_HEAD)
        for one in kind.columns
    )
    sheet.append(_cell(sheet, one.example, **_EXAMPLE) for one in kind.columns)
    about = workbook.create_sheet(EXPLANATIONS)
    for letter, width in zip("ABCD", (22, 10, 70, 26), strict=True):
        about.column_dimensions[letter].width = width
    for line in _notes(kind):
        about.append([_cell(about, line)])
    about.append(_cell(about, text, **_PLAIN_HEAD) for text in (_("列"), _("要不要填"), _("怎么填"), _("示例")))
    for one in kind.columns:
        needed = _("必填") if one.is_required else _("可以空着")
        cells = (one.heading.partition("（")[0], needed, str(one.about), one.example.removeprefix(EXAMPLE))
        about.append([_cell(about, text, **_WRAP) for text in cells])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _notes(kind: Kind) -> Iterable[str]:
    yield str(kind.about)
    yield _("请填在“填这里”那张表，从示例的下一行填起。示例那一行以“例：”开头，不会导入，删不删都行。")
    yield _("空着的格子不改原来的。一行填错，整张表都不导入；改好了再传，传几次都一样。")
    yield _("别合并单元格，别写公式。表头的字别改，不用的列可以删掉。一次最多10万行，文件不超过10 MB。")


def errors(lines: list[list]) -> bytes:
    """The list of errors, as csv: sheet, row, what is wrong."""
    return csv_bytes([_("工作表"), _("行"), _("哪里不对")], ([sheet, row, said] for _place, row, sheet, said in lines))


def _cell(sheet, text: str, **style) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.number_format = "s", FORMAT_TEXT
    for name, value in style.items():
        setattr(cell, name, value)
    return cell
