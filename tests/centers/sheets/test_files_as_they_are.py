"""Templates, and files that are not as they should be."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from centers.models import Resident, Room
from centers.sheets.kinds import KINDS
from tests.centers import sheets
from tests.centers.sheets import steps

pytestmark = pytest.mark.django_db
CODE = "990101100201"


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_explains_itself_and_its_example_is_not_read(client, center, kind):
    data = client.get(f"/manage/sheets/{kind}/template/").content
    book = load_workbook(io.BytesIO(data))
    explained = [row[0].value for row in book["说明"].iter_rows() if row[1].value]

    assert book.sheetnames == ["填这里", "说明"]
    assert explained[1:] == [column.heading.partition("（")[0] for column in KINDS[kind].columns]
    assert "表里只有示例，还没有填。" in steps.said(steps.upload(client, kind, data=data))


def test_what_is_filled_in_below_the_example_comes_in(client, center):
    book = load_workbook(io.BytesIO(client.get("/manage/sheets/rooms/template/").content))
    book["填这里"].append(["柳湾村", "会议室"])
    steps.upload(client, "rooms", data=sheets.saved(book))
    steps.confirm(client)

    assert Room.objects.get().name == "会议室"


def test_gb18030_csv_comes_in(client, village):
    data = f"{','.join(steps.RESIDENTS)}\n{CODE},王桂兰,,,,\n".encode("gb18030")
    steps.upload(client, "residents", data=data, name="表.csv")
    steps.confirm(client)

    assert Resident.objects.get().name == "王桂兰"


def test_merged_cells_and_formulas_without_a_value_are_named_by_row(client, center):
    book = Workbook()
    for row in (["区划代码", "名称"], [CODE, "农家书屋"], [None, "会议室"], [CODE, "=1+1"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    page = steps.upload(client, "rooms", data=sheets.saved(book))

    assert "第 3 行 ：“区划代码”没有填" in steps.said(page) and "第 4 行 ：“名称”没有填" in steps.said(page)
    assert "合并" in steps.said(page)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"%PDF-1.7", "a.pdf", "只收 .xlsx 和 .csv 文件"),
        (b"PK\x03\x04 no zip", "a.xlsx", "这个表格文件不完整或已损坏"),
        (sheets.xlsx(["姓名"], ["王桂兰"]), "a.xlsx", "没有找到表头"),
        (sheets.xlsx(["姓名", "电话"], ["王桂兰", ""]), "a.xlsx", "缺少这些列：区划代码"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(client, center, data, name, sentence):
    assert sentence in steps.said(steps.upload(client, "residents", data=data, name=name))
