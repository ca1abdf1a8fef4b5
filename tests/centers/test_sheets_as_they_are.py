"""Workbooks as people keep them: several sheets, their own headers, hidden rows, and what Excel made of texts."""

import tracemalloc
from datetime import date, time

import pytest
from django.utils import translation
from openpyxl import Workbook

from centers.models import Membership, Resident, Room
from portal.ui.sheets.reading import read
from portal.ui.sheets.spoiled import as_telephone, marked
from tests.centers import sheets
from tests.centers.test_sheets import (  # noqa: F401
    CODE,
    RESIDENTS,
    STAFF,
    as_superuser,
    bring_in,
    export,
    said,
    upload,
)

pytestmark = pytest.mark.django_db


def workbook(**lists: list[list]) -> Workbook:
    made = Workbook()
    made.remove(made.active)
    for title, rows in lists.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return made


def notes(answer) -> str:
    shown = "".join(answer.context["result"].notes)
    assert shown in answer.content.decode().replace('</li><li class="warning">', "")
    return shown


def names() -> list[str]:
    return sorted(Resident.objects.values_list("name", flat=True))


def test_all_sheets_with_the_header_are_read(as_superuser):  # noqa: F811
    book = workbook(
        一组=[RESIDENTS, [CODE, "王桂兰", "13800005678", "一组"]],
        备注=[["请按组填写"]],
        二组=[["姓名", "区划代码"], ["李秀英", CODE]],
        空的=[],
    )
    answer = upload(as_superuser, Resident, sheets.saved(book))
    assert notes(answer) == "读了2张工作表（一组、二组），一共2行。这些工作表没有读：备注（没有表头）。"
    bring_in(as_superuser, Resident, sheets.saved(book))
    assert names() == ["李秀英", "王桂兰"]


def test_a_fault_names_the_sheet(as_superuser):  # noqa: F811
    book = workbook(一组=[RESIDENTS, [CODE, "王桂兰"]], 二组=[RESIDENTS, [CODE, "王桂兰"], [CODE, ""]])
    assert said(upload(as_superuser, Resident, sheets.saved(book))) == [
        "“二组”第 2 行：和“一组”第 2 行重复",
        "“二组”第 3 行：“姓名”没有填",
    ]


def test_a_hidden_sheet_is_not_read_and_named(as_superuser):  # noqa: F811
    book = workbook(今年=[RESIDENTS, [CODE, "王桂兰"]], 去年=[RESIDENTS, [CODE, "李秀英"]])
    book["去年"].sheet_state = "hidden"
    assert notes(upload(as_superuser, Resident, sheets.saved(book))) == "这些工作表没有读：去年（隐藏的）。"


def test_a_sheet_that_lacks_a_column_is_left_out_and_the_column_named(as_superuser):  # noqa: F811
    book = workbook(名单=[RESIDENTS, [CODE, "王桂兰"]], 通讯录=[["姓名", "电话"], ["李秀英", "13800005678"]])
    answer = upload(as_superuser, Resident, sheets.saved(book))
    assert notes(answer) == "这些工作表没有读：通讯录（缺少区划代码）。"


def test_one_sheet_alone_says_nothing(as_superuser):  # noqa: F811
    assert notes(upload(as_superuser, Resident, sheets.xlsx(RESIDENTS, [CODE, "王桂兰"]))) == ""


@pytest.mark.parametrize("phone", ["手机号", "联系电话", "手 机", "电话号码（必填）", "联系方式*", "电　话："])
@pytest.mark.parametrize("name", ["姓 名", "姓　名", "姓名（必填）", "*姓名"])
def test_headers_in_other_words_are_understood(as_superuser, name, phone):  # noqa: F811
    data = sheets.xlsx(["行政区划代码", name, phone], [CODE, "王桂兰", "13800005678"])
    bring_in(as_superuser, Resident, data)
    resident = Resident.objects.get()
    assert (resident.name, resident.phone) == ("王桂兰", "13800005678")


def test_staff_too(as_superuser):  # noqa: F811
    data = sheets.xlsx(["区划代码", "姓 名", "联系电话", "角色"], [CODE, "李春燕", 13800001111, "代办员"])
    bring_in(as_superuser, Membership, data)
    assert Membership.objects.filter(user__phone="13800001111").exists()


def test_our_own_name_goes_before_another_word_for_it(as_superuser):  # noqa: F811
    data = sheets.xlsx([*RESIDENTS[:3], "联系方式"], [CODE, "王桂兰", "13800005678", "微信"])
    bring_in(as_superuser, Resident, data)
    assert Resident.objects.get().phone == "13800005678"


def test_two_words_for_one_column_are_refused(as_superuser):  # noqa: F811
    data = sheets.xlsx(["区划代码", "姓名", "手机", "联系电话"], [CODE, "王桂兰", "", ""])
    assert said(upload(as_superuser, Resident, data)) == ["表头“手机”、“联系电话”说的是同一列，请只留一列。"]


@pytest.mark.parametrize(
    ("model", "header", "missing"),
    [(Membership, ["区划代码", "姓名", "职务"], "手机号、角色"), (Room, ["名称", "功能"], "区划代码")],
)
def test_missing_columns_are_named_in_chinese(as_superuser, model, header, missing):  # noqa: F811
    assert said(upload(as_superuser, model, sheets.xlsx(header, ["x"] * len(header)))) == [f"缺少这些列：{missing}"]


def test_a_column_that_may_be_empty_may_be_absent(as_superuser):  # noqa: F811
    bring_in(as_superuser, Resident, sheets.xlsx(["区划代码", "姓名"], [CODE, "王桂兰"]))
    assert Resident.objects.get().phone == ""


@pytest.mark.parametrize("mark", ["hidden", "filtered"])
def test_hidden_rows_are_counted(as_superuser, mark):  # noqa: F811
    book = workbook(名单=[RESIDENTS, *[[CODE, name] for name in ("王桂兰", "李秀英", "石大山")]])
    sheet = book["名单"]
    if mark == "filtered":
        sheet.auto_filter.ref = "A1:B4"
        sheet.auto_filter.add_filter_column(1, ["王桂兰"])
    for row in (3, 4):
        sheet.row_dimensions[row].hidden = True
    answer = upload(as_superuser, Resident, sheets.saved(book))
    assert notes(answer).startswith("有2行在表格里是隐藏的")
    bring_in(as_superuser, Resident, sheets.saved(book))
    assert len(names()) == 3


CHANGED = "“村民小组”：“3-1”这样的内容被表格软件变成了日期或时间"


@pytest.mark.parametrize("cell", [date(2026, 3, 1), time(3, 1)])
def test_what_became_a_date_in_a_workbook_is_named_as_that(as_superuser, cell):  # noqa: F811
    [sentence] = said(upload(as_superuser, Resident, sheets.xlsx(RESIDENTS, [CODE, "王桂兰", "", cell])))
    assert sentence.startswith(f"第 2 行：{CHANGED}") and "文本" in sentence


@pytest.mark.parametrize("cell", ["3月1日", "2026/3/1", "2026-03-01", "1-Mar", "Mar-01", "2026年3月1日"])
def test_what_became_a_date_in_csv_is_named_as_that(as_superuser, cell):  # noqa: F811
    data = f"{','.join(RESIDENTS)}\n{CODE},王桂兰,,{cell},\n".encode("gb18030")
    [sentence] = said(upload(as_superuser, Resident, data, "list.csv"))
    assert sentence.startswith(f"第 2 行：{CHANGED}（{cell}）")


@pytest.mark.parametrize("cell", ["3-1", "3组1号", "一组", "1-2-301"])
def test_control_what_is_text_comes_in(as_superuser, cell):  # noqa: F811
    bring_in(as_superuser, Resident, f"区划代码,姓名,村民小组\n{CODE},王桂兰,{cell}\n".encode(), "list.csv")
    assert Resident.objects.get().villager_group == cell


@pytest.mark.parametrize("number", ["3995551234", "57188886666", "1088886666"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_lost_zero_is_named_as_that(as_superuser, kind, number):  # noqa: F811
    rows = [["区划代码", "姓名", "电话"], [CODE, "王桂兰", int(number)]]
    data = sheets.xlsx(*rows) if kind == "xlsx" else "\n".join(",".join(map(str, row)) for row in rows).encode()
    [sentence] = said(upload(as_superuser, Resident, data, f"list.{kind}"))
    assert sentence.startswith(f"第 2 行：“电话”：号码 {number} 开头的 0 被表格软件去掉了。请")


@pytest.mark.parametrize("number", ["13800005678", "03995551234", "0399-5551234"])
def test_control_a_whole_number_comes_in(as_superuser, number):  # noqa: F811
    bring_in(as_superuser, Resident, f"区划代码,姓名,电话\n{CODE},王桂兰,{number}\n".encode(), "list.csv")
    assert Resident.objects.exists()


def test_a_shortened_code_is_named_as_that(as_superuser):  # noqa: F811
    data = "区划代码,姓名\n9.90101E+11,王桂兰\n".encode()
    [sentence] = said(upload(as_superuser, Resident, data, "list.csv"))
    assert sentence.startswith("第 2 行：“区划代码”：长数字被表格软件写成了 9.90101E+11，后面的几位丢了。请")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_a_program_would_rewrite_goes_out_as_text_and_comes_in_again(as_superuser, village, kind):  # noqa: F811
    Resident.objects.create(division=village, name="王桂兰", phone="03995551234", villager_group="3-1")
    data = export(as_superuser, Resident, kind)
    if kind == "csv":
        assert b'"\t03995551234"' in data and b'"\t3-1"' in data
    assert "新增 0，更新 0，不变 1。" in bring_in(as_superuser, Resident, data, f"list.{kind}")


def test_what_was_spoiled_is_worded_when_it_is_asked_for():
    for cell in (marked("1-jan"), marked("9.9E+11"), as_telephone("3995550000")):
        with translation.override("en"):
            assert cell in cell.fault and "as text" in cell.fault
        assert cell in cell.fault and "文本" in cell.fault


def test_a_sheet_full_of_dates_costs_little():
    head = ",".join(["区划代码", "姓名", "电话", *(f"列{number}" for number in range(97))])
    content = "\n".join([head, *[",".join(["1-jan"] * 100)] * 2_000]).encode()
    tracemalloc.start()
    read(content, "list.csv", ["区划代码", "姓名", "电话"])
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 << 20
