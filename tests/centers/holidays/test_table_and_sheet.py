"""A table typed row by row and a sheet come to the same days as the notice's text."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from centers.holidays import rows, wording
from centers.models import CalendarDay, HolidayNotice
from tests.centers import sheets
from tests.centers.holidays.conftest import confirmation
from tests.centers.holidays.notices import OF_2027

HEAD = ["节日", "开始日期", "结束日期", "安排"]
ROWS = [
    [one.names[0], one.first, one.last, "放假" if one.is_off else "上班"] for one in wording.read(OF_2027, 2027).entries
]


def uploaded(data: bytes, name: str = "放假.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def table(*typed: dict) -> dict:
    given = {"year": "2027", "rows-TOTAL_FORMS": str(len(typed)), "rows-INITIAL_FORMS": "0"}
    for number, row in enumerate(typed):
        given |= {f"rows-{number}-{name}": value for name, value in row.items()}
    return given


@pytest.fixture
def by_table(county_client):
    return lambda *typed: county_client.post(f"{reverse('holidays_new')}?way=table", table(*typed))


@pytest.fixture
def by_sheet(county_client):
    def send(file: SimpleUploadedFile, year: int = 2027):
        return county_client.post(f"{reverse('holidays_new')}?way=sheet", {"year": year, "sheet": file})

    return send


def changes(page) -> dict:
    return {change.date: change.after for change in page.context["draft"].changes}


def test_the_table_means_what_the_text_means(by_table, shown):
    typed = [{"name": name, "first": first, "last": last, "what": what} for name, first, last, what in ROWS]

    assert changes(by_table(*typed)) == changes(shown())


@pytest.mark.parametrize("before", [[], [["国务院办公厅通知"]]])
def test_a_sheet_means_what_the_text_means(by_sheet, shown, before):
    assert changes(by_sheet(uploaded(sheets.xlsx(*before, HEAD, *ROWS)))) == changes(shown())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_with_dates_as_people_write_them(by_sheet, encoding):
    text = "节日,开始日期,结束日期,安排\n元旦,1月1日（周五）,2027年1月3日,放假\n元旦,2027/1/9,,调休上班\n"
    page = by_sheet(uploaded(text.encode(encoding), "放假.csv"))

    assert changes(page)[date(2027, 1, 3)].kind == "holiday"
    assert changes(page)[date(2027, 1, 9)].kind == "make_up"


def test_what_a_sheet_said_is_kept_and_read_again_on_saving(by_sheet, county_client):
    page = by_sheet(uploaded(sheets.xlsx(HEAD, *ROWS)))
    county_client.post(reverse("holidays_enter"), confirmation(page))
    notice = HolidayNotice.objects.get()

    assert (notice.way, notice.text.split("\n")[0]) == ("sheet", "2027-01-01 2027-01-03 放假 元旦")
    assert CalendarDay.objects.get(date="2027-02-09").kind == "holiday"


@pytest.mark.parametrize("way", ["table", "sheet"])
def test_going_back_leads_to_the_table_with_its_rows(by_sheet, county_client, way):
    page = by_sheet(uploaded(sheets.xlsx(HEAD, *ROWS)))
    back = county_client.post(f"{reverse('holidays_new')}?way={way}", confirmation(page) | {"edit": "1"})

    assert [form["first"].value() for form in back.context["form"].rows][:2] == ["2027-01-01", "2027-02-05"]


def test_the_table_begins_with_what_the_law_fixes(county_client):
    page = county_client.get(f"{reverse('holidays_new')}?way=table&year=2027")
    first = page.context["form"].rows[1]

    assert (first["name"].value(), first["first"].value()) == ("春节", "2027-02-05")


def test_the_sheet_to_be_filled_in_can_be_sent_back(by_sheet, county_client):
    answer = county_client.get(f"{reverse('holidays_sheet')}?year=2027")
    page = by_sheet(uploaded(answer.content))

    assert answer["Content-Disposition"] == 'attachment; filename="holidays-2027.xlsx"'
    assert changes(page)[date(2027, 2, 5)] == ("holiday", "春节", False)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"last": "2027-01-03"}, "请填从哪天"),
        ({"first": "2027-02-30"}, "日期请写成"),
        ({"first": "2027-01-03", "last": "2027-01-01"}, "前后颠倒"),
        ({"first": "0001-01-01"}, "日期太远了"),
        ({"first": "2028-01-01"}, "不是2027年的日子"),
        ({"first": "2027-01-01", "name": "长" * 21}, "写得太长了"),
        ({"first": "2027-01-01", "what": "睡觉"}, "选的这一项"),
        ({}, "没有看到哪天放假"),
    ],
)
def test_a_row_that_cannot_be_says_why(by_table, row, said):
    page = by_table({"name": "元旦", "what": "放假"} | row)

    assert page.status_code == 200 and said in page.content.decode()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["元旦", "2027-02-30", "", "放假"], "第 2 行的日期看不懂"),
        (["元旦", "明天", "", "放假"], "第 2 行的日期看不懂"),
        (["元旦", 0, "", "放假"], "第 2 行的日期看不懂"),
        (["元旦", date(2027, 1, 1), "", ""], "第 2 行没有写放假还是上班"),
        (["元旦", date(2026, 10, 1), "", "放假"], "不是2027年的日子"),
        (["长" * 21, date(2027, 1, 1), "", "放假"], "最多20个字"),
    ],
)
def test_a_row_of_a_sheet_is_named_by_its_number(by_sheet, row, said):
    page = by_sheet(uploaded(sheets.xlsx(HEAD, row)))

    assert page.status_code == 200 and said in page.content.decode()


BOMB = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 6000))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (sheets.with_sheet_xml(BOMB), "放假.xlsx", "行太多"),
        (sheets.with_sheet_xml('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "放假.xlsx", "行太多"),
        (b"PK\x03\x04broken", "放假.xlsx", "不完整或已损坏"),
        (b"<html>", "放假.csv", "网页"),
        (b"a,b\n1,2\n", "放假.csv", "没有找到表头"),
        (b"x", "放假.pdf", "只收"),
        (b" ", "放假.csv", "空的"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(by_sheet, data, name, said):
    page = by_sheet(uploaded(data, name))

    assert page.status_code == 200 and said in page.content.decode()


def test_lines_are_read_as_they_are_written():
    line = rows.line_of(date(2027, 1, 1), date(2027, 1, 3), rows.OFF, "元旦")
    entry = rows.read(line, 2027).entries[0]

    assert rows.line_of(entry.first, entry.last, rows.OFF, entry.names[0]) == line


def test_all_sheets_of_a_notice_are_read_and_hidden_rows_counted(by_sheet):
    book = Workbook()
    book.active.append(["节日", "从哪天", "到哪天", "安排"])
    book.active.append(["元旦", date(2027, 1, 1), date(2027, 1, 3), "放假"])
    second = book.create_sheet("调休")
    for row in (["开始日期", "安 排"], [date(2027, 1, 9), "上班"]):
        second.append(row)
    second.row_dimensions[2].hidden = True
    book.create_sheet("备注").append(["照通知填"])
    page = by_sheet(uploaded(sheets.saved(book)))

    assert {day: changes(page)[date(2027, 1, day)].kind for day in (3, 9)} == {3: "holiday", 9: "make_up"}
    shown = page.content.decode()
    assert "备注（没有表头）" in shown and "有1行在表格里是隐藏的" in shown
