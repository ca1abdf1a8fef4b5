"""Upload checks: each bad file is refused with one message, fast and with little memory."""

import time
import tracemalloc

import pytest
from openpyxl import Workbook

from portal.ui.errors import RuleBroken
from portal.ui.sheets import gate
from portal.ui.sheets.reading import read
from tests.centers import sheets

KNOWN = ["区划代码", "姓名", "电话"]
HEAD = ["区划代码", "姓名", "电话"]
ROW = ["990101100201", "王桂兰", "13800005678"]


def rows_of(data: bytes, name: str = "list.xlsx") -> list[list[str]]:
    return [cells for _number, cells in read(data, name, KNOWN).rows]


def refusal_of(data: bytes, name: str = "list.xlsx") -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        read(data, name, KNOWN)
    said = str(caught.value)
    assert said.endswith("。") and said.count("\n") == 0, "one sentence that a person can act on"
    return caught.value


def a_bomb() -> bytes:
    return sheets.with_part(sheets.xlsx(HEAD, ROW), "xl/sharedStrings.xml", b"0" * (gate.MAX_UNPACKED + 1))


def a_lying_bomb() -> bytes:
    """A zip bomb whose directory understates the size of a part."""
    data = bytearray(sheets.with_part(sheets.xlsx(HEAD, ROW), "xl/big.xml", b"0" * 5_000_000))
    for at in range(len(data) - 4):
        if data[at : at + 4] == (5_000_000).to_bytes(4, "little"):
            data[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def an_entity() -> bytes:
    xml = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><sst>&e;</sst>'
    return sheets.with_part(sheets.xlsx(HEAD, ROW), "xl/sharedStrings.xml", xml)


def named_sheets(*titles: str) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title in titles:
        sheet = workbook.create_sheet("x")
        sheet._WorkbookChild__title = title  # openpyxl knows the limit too
        for row in (HEAD, ROW):
            sheet.append(row)
    return sheets.saved(workbook)


def without_sheets() -> bytes:
    return sheets.with_part(b"PK\x05\x06" + b"\0" * 18, "nothing.txt", b"nothing")


def many_columns() -> bytes:
    return sheets.xlsx(HEAD + [f"列{number}" for number in range(200)], ROW)


BAD_XLSX = {
    "empty": (lambda: b"", "empty"),
    "blank": (lambda: b" \r\n ", "empty"),
    "text": (lambda: "区划代码,姓名\n".encode(), "disguised"),
    "html": (lambda: b"<html><table></table></html>", "disguised"),
    "old_or_encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ole"),
    "truncated": (lambda: sheets.xlsx(HEAD, ROW)[:-900], "damaged"),
    "broken_part": (lambda: sheets.with_part(sheets.xlsx(HEAD, ROW), "xl/workbook.xml", b"<workbook"), "damaged"),
    "no_sheet": (without_sheets, "no_sheet"),
    "header_only": (lambda: sheets.xlsx(HEAD), "header_only"),
    "no_header": (lambda: sheets.xlsx(["甲", "乙"], ["1", "2"]), "header"),
    "header_twice": (lambda: sheets.xlsx(["姓名", "电话", "姓名"], ROW), "header_twice"),
    "too_many_rows": (lambda: sheets.xlsx(HEAD, *[ROW] * (gate.MAX_ROWS + 1)), "rows"),
    "a_cell_far_down": (
        lambda: sheets.with_sheet_xml('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "rows",
    ),
    "a_cell_far_right": (lambda: sheets.with_sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "columns"),
    "many_columns": (many_columns, "columns"),
    "long_name": (lambda: named_sheets("组" * (gate.MAX_NAME + 1)), "long_name"),
    "many_sheets": (lambda: named_sheets(*map(str, range(gate.MAX_SHEETS + 1))), "sheets"),
    "bomb": (a_bomb, "unpacks_too_big"),
    "lying_bomb": (a_lying_bomb, "damaged"),
    "entity": (an_entity, "entities"),
    "long_cell": (lambda: sheets.xlsx(HEAD, ["990101100201", "长" * 30_000, ""]), "long_cell"),
    "too_big": (lambda: b"PK\x03\x04" + b"\0" * gate.MAX_BYTES, "too_big"),
}
BAD_CSV = {
    "workbook": (lambda: sheets.xlsx(HEAD, ROW), "disguised"),
    "html": (lambda: "\ufeff<html>".encode(), "markup"),
    "bytes_of_no_encoding": (lambda: b"\xff\x00\x80\x81" * 40, "encoding"),
    "two_million_rows": (lambda: "区划代码,姓名\n".encode() + b"1,\n" * 2_000_000, "rows"),
    "a_quote_that_never_ends": (lambda: ('区划代码,姓名\n"' + "长" * 200_000).encode(), "csv"),
    "header_only": (lambda: "区划代码,姓名\n\n,,\n".encode(), "header_only"),
}


@pytest.mark.parametrize("case", BAD_XLSX)
def test_a_bad_workbook_is_refused_in_one_sentence(case):
    make, code = BAD_XLSX[case]

    assert refusal_of(make()).code == code


def test_as_many_sheets_as_are_allowed_with_the_longest_names_come_in():
    data = named_sheets(*(f"{number}组".ljust(gate.MAX_NAME, "长") for number in range(gate.MAX_SHEETS)))

    assert rows_of(data) == [ROW] * gate.MAX_SHEETS


@pytest.mark.parametrize("case", BAD_CSV)
def test_a_bad_csv_is_refused_in_one_sentence(case):
    make, code = BAD_CSV[case]

    assert refusal_of(make(), "list.csv").code == code


@pytest.mark.parametrize("name", ["list.xls", "list.xlsm", "list", "list.csv.exe", "list.ods"])
def test_only_two_formats_are_taken(name):
    assert refusal_of(sheets.xlsx(HEAD, ROW), name).code == "suffix"


@pytest.mark.parametrize("case", ["bomb", "lying_bomb", "a_cell_far_down", "too_many_rows"])
def test_refusing_costs_little(case):
    data = BAD_XLSX[case][0]()
    tracemalloc.start()
    started = time.monotonic()

    refusal_of(data)

    seconds, (_now, peak) = time.monotonic() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 10 and peak < 200 << 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_of_any_usual_encoding_is_read(encoding):
    data = f"{','.join(HEAD)}\n{','.join(ROW)}\n".encode(encoding)

    assert rows_of(data, "list.csv") == [ROW]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_of_any_usual_separator_is_read(separator):
    data = f"{separator.join(HEAD)}\n{separator.join(ROW)}\n".encode()

    assert rows_of(data, "list.csv") == [ROW]


def test_titles_above_the_header_are_passed_over_and_rows_keep_their_numbers():
    data = sheets.xlsx(["青禾县居民名单"], [], ["制表：某某", None, "2026-11"], HEAD, [], ROW)

    [(where, cells)] = read(data, "list.xlsx", KNOWN).rows
    assert (str(where), cells) == ("第 6 行", ROW)


def test_merged_titles_are_passed_over():
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["居民名单"])
    sheet.merge_cells("A1:C1")
    sheet.append(HEAD)
    sheet.append(ROW)

    assert rows_of(sheets.saved(workbook)) == [ROW]


def test_the_list_may_stand_on_the_second_sheet():
    assert rows_of(sheets.xlsx(HEAD, ROW, before=(["说明"], ["请填第二张表"]))) == [ROW]


def test_numbers_for_codes_and_phones_are_read_as_text():
    assert rows_of(sheets.xlsx(HEAD, [990101100201, "王桂兰", 13800005678.0])) == [ROW]


def test_full_width_digits_and_marks_nobody_sees_are_put_right():
    assert rows_of(sheets.xlsx(HEAD, ["９９０１０１１００２０１", "王\u200b桂兰\u3000", "\ufeff13800005678"])) == [ROW]


def test_control_characters_are_dropped():
    data = (",".join(HEAD) + "\n990101100201,王\x00桂\x07兰,13800005678\n").encode()

    assert rows_of(data, "list.csv") == [ROW]


def test_a_formula_without_a_value_is_an_empty_cell():
    assert rows_of(sheets.xlsx(HEAD, ["990101100201", "=A1&B1", ""])) == [["990101100201", "", ""]]


def test_columns_without_a_header_are_left_out():
    assert rows_of(sheets.xlsx(["区划代码", None, "姓名"], ["990101100201", "备注", "王桂兰"])) == [
        ["990101100201", "王桂兰"]
    ]
