"""Workbooks that make a reader allocate or compute without end, each in its own way. A few kilobytes each."""

import io
import zipfile

from tests.centers import sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(*bodies: str, strings: str = "", at: str = "worksheets/sheet{}.xml", name: str = "S") -> bytes:
    """One sheet for each body, the inside of its <worksheet>; `at` is where the relationships say that it lies."""
    out = io.BytesIO()
    places = [at.format(number) for number in range(1, len(bodies) + 1)]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        overrides = "".join(
            f'<Override PartName="/xl/{place}" ContentType="{TYPE}.worksheet+xml"/>' for place in places
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>{overrides}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
            f' Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{name}{number}" sheetId="{number}" r:id="r{number}"/>'
            for number in range(1, len(bodies) + 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>{listed}</sheets></workbook>',
        )
        related = "".join(
            f'<Relationship Id="r{number}" Type="{RELATION}/worksheet" Target="{place}"/>'
            for number, place in enumerate(places, start=1)
        )
        related += f'<Relationship Id="s" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/>'
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'
        )
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        for place, body in zip(places, bodies, strict=True):
            archive.writestr(f"xl/{place}", f'<worksheet xmlns="{MAIN}">{body}</worksheet>')
    return out.getvalue()


def data(rows: str) -> str:
    return f"<sheetData>{rows}</sheetData>"


def cells(columns: int, cell: str = "<c><v>1</v></c>") -> str:
    return cell * columns


FAR_ROW = data('<row r="1"><c><v>1</v></c></row><row r="1048576">' + cells(200) + "</row>")
FAR_CORNERS = data('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
SHARED = '<c t="s"><v>0</v></c>'
LISTED = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("区划代码", "姓名", "电话"))
GAP = " " * 5_000

# What is wrong → the file.
HOSTILE = {
    "a far row whose cells name none": lambda: workbook(FAR_ROW),
    "a cell whose reference comes late": lambda: workbook(
        data(f'<row r="1"><c r="A1"><v>1</v></c><c {GAP}r="ALL1048576"><v>1</v></c></row>')
    ),
    "a sheet elsewhere": lambda: workbook(FAR_CORNERS, at="other/sheet{}.xml"),
    "a sheet above the folder": lambda: workbook(FAR_ROW, at="../elsewhere/{}.xml"),
    "a sheet without a suffix": lambda: workbook(FAR_ROW, at="other/sheet{}"),
    "a row with a prefix": lambda: workbook(
        '<x:sheetData xmlns:x="'
        + MAIN
        + '"><x:row r="1048576">'
        + "<x:c><x:v>1</x:v></x:c>" * 200
        + '</x:row><x:row r="1"><x:c><x:v>1</x:v></x:c></x:row></x:sheetData>'
    ),
    "long names": lambda: workbook(*[data(f"<row>{LISTED}</row>" * 500)] * 2, name="名" * 400_000),
    "many sheets": lambda: workbook(*[data(f'<row r="5000">{cells(100)}</row><row r="1">{cells(1)}</row>')] * 60),
    "many sheets that are nearly too big": lambda: workbook(
        *[data(f'<row r="1"><c><v>1</v></c></row><row r="40000">{cells(100)}</row>')] * 120
    ),
    "one text in every cell": lambda: workbook(
        data(f"<row>{SHARED * 100}</row>" * 5_000), strings=f"<si><t>{'长' * 1_999}</t></si>"
    ),
    "one text in every cell of many sheets": lambda: workbook(
        *[data(f"<row>{SHARED * 100}</row>" * 100)] * 50,
        strings=f"<si><t>{'长' * 1_999}</t></si>",
    ),
    "many texts": lambda: workbook(data("<row><c><v>1</v></c></row>"), strings="<si><t>x</t></si>" * 5_000_000),
    "one long text": lambda: workbook(
        data('<row><c t="s"><v>0</v></c></row>'), strings=f"<si><t>{'x' * 90_000_000}</t></si>"
    ),
    "many empty rows": lambda: workbook(data("<row/>" * 10_000_000)),
    "many empty cells": lambda: workbook(data("<row>" + "<c/>" * 16_000_000 + "</row>")),
    "a deep tree": lambda: workbook("<a>" * 5_000_000 + "</a>" * 5_000_000),
    "a long attribute": lambda: workbook(data(f'<row r="{"1" * 50_000_000}"><c><v>1</v></c></row>')),
    "many merged cells": lambda: workbook(
        data("<row><c><v>1</v></c></row>")
        + "<mergeCells>"
        + '<mergeCell ref="A1:XFD1048576"/>' * 2_000_000
        + "</mergeCells>"
    ),
    "a far dimension": lambda: workbook('<dimension ref="A1:XFD1048576"/>' + FAR_ROW),
    "a tree of relationships": lambda: sheets.with_part(
        workbook(data("<row><c><v>1</v></c></row>")),
        "xl/_rels/workbook.xml.rels",
        b"<Relationships>" + b"<Relationship/>" * 4_000_000 + b"</Relationships>",
    ),
}
HOSTILE_CSV = {
    "a row of ten million fields": lambda: b"," * (10 << 20),
    "a row of two million texts": lambda: b"word," * (2 << 20),
    "one long line": lambda: b"x" * (10 << 20),
    "a quote that never ends": lambda: b'a,b\n"' + b"\n" * (9 << 20),
    "as much text as fits": lambda: (b"a,b," + b"x" * 1_990 + b"\n") * 5_000,
}
