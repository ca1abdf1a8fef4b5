"""No formula injection in csv or xlsx exports; numbers stay numbers."""

import csv
import io
from datetime import datetime

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from portal.ui.sheets.reading import read
from portal.ui.sheets.safe import csv_bytes, xlsx_bytes

PAYLOADS = [
    "=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://evil.example","点我")',
    "=WEBSERVICE(A1)",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    '"=1+1',
    "'=1+1",
    "|calc",
    "%0A=1",
]


def cells_of_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def first_cell(data: bytes):
    return load_workbook(io.BytesIO(data)).active["A2"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_is_live_in_csv(payload):
    [_head, [cell, after]] = cells_of_csv(csv_bytes(["名称", "后面"], [[payload, "x"]]))

    assert cell.startswith("'") and after == "x"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_is_live_in_xlsx(payload):
    cell = first_cell(xlsx_bytes(["名称"], [[payload]]))

    assert cell.data_type == "s" and cell.value.startswith("'")


@pytest.mark.parametrize("text", ['a","=1+1', "a\n=1+1", 'a"\r\n=1+1,', "a;=1+1"])
def test_nothing_breaks_out_of_its_cell(text):
    [_head, [cell]] = cells_of_csv(csv_bytes(["名称"], [[text]]))

    assert cell == text


def test_a_header_is_data_too():
    assert cells_of_csv(csv_bytes(["=1+1"], [["x"]]))[0] == ["'=1+1"]


@pytest.mark.parametrize("number", [0, -5, 12.5])
def test_numbers_stay_numbers(number):
    assert first_cell(xlsx_bytes(["数"], [[number]])).value == number
    assert f"\r\n{number}\r\n" in csv_bytes(["数"], [[number]]).decode("utf-8-sig")


def test_ordinary_text_is_left_alone():
    texts = ["柳湾村", "13800005678", "0399-5550000", "a-b", "3+2", "100%"]

    assert cells_of_csv(csv_bytes(texts, []))[0] == texts


def test_moments_go_out_in_local_time():
    moment = timezone.make_aware(datetime(2026, 12, 3, 9, 0))

    assert first_cell(xlsx_bytes(["时间"], [[moment]])).value == datetime(2026, 12, 3, 9, 0)


@pytest.mark.parametrize("hostile", ["\x00\x0b\x1f", "\ud800", "\u202egnp.exe", "😀" * 20_000])
def test_hostile_text_can_be_exported(hostile):
    assert csv_bytes(["名称"], [[hostile]]) and xlsx_bytes(["名称"], [[hostile]])


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_what_was_exported_can_be_imported_again(write):
    name = "list.csv" if write is csv_bytes else "list.xlsx"

    texts = ["=1+1", "03995551234", "990101100201", "3-1", "1E5"]
    data = write(["名称", "数"], [[text, 3] for text in texts])
    assert [cells for _where, cells in read(data, name, ["名称", "数"]).rows] == [[text, "3"] for text in texts]


REWRITTEN = ["03995551234", "990101100201", "3-1", "3/1", "2026-12-03", "2026.12.3", "1E5", "1.5e10"]


@pytest.mark.parametrize("text", REWRITTEN)
def test_text_that_a_program_would_rewrite_is_marked_as_text(text):
    cell = first_cell(xlsx_bytes(["小组"], [[text]]))
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert cells_of_csv(csv_bytes(["小组"], [[text]]))[1] == [f"\t{text}"]


def test_numbers_are_not_text():
    assert first_cell(xlsx_bytes(["数"], [[3]])).number_format == "General"
