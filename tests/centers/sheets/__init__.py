"""Builders for valid and malicious spreadsheets."""

import io
import zipfile

from openpyxl import Workbook


def xlsx(*rows: list, title: str = "Sheet1", before: tuple[list, ...] = ()) -> bytes:
    """A workbook with these rows, `before` on a sheet in front."""
    workbook = Workbook()
    sheet = workbook.active
    if before:
        for row in before:
            sheet.append(row)
        sheet = workbook.create_sheet(title)
    for row in rows:
        sheet.append(row)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def with_sheet_xml(rows: str) -> bytes:
    """A workbook whose first sheet has these <row> elements."""
    xml = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    return with_part(xlsx(["区划代码", "姓名"]), "xl/worksheets/sheet1.xml", xml.encode())
