"""Spreadsheet import in the admin: preview, errors by row, all or nothing."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from centers.models import Center, Membership, Resident, Room
from portal.accounts.models import User
from tests import factories
from tests.centers import sheets

pytestmark = pytest.mark.django_db

CODE, FOREIGN = "990101100201", "990101101201"


def page(model, name: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")


@pytest.fixture
def as_superuser(signed_in, village):
    return signed_in(factories.UserFactory(username="admin", is_staff=True, is_superuser=True))


@pytest.fixture
def as_officer(officer, signed_in):
    officer.is_staff = True
    officer.save()
    officer.user_permissions.set(Permission.objects.filter(content_type__app_label="centers"))
    return signed_in(officer)


def upload(client, model, data: bytes, name: str = "list.xlsx"):
    return client.post(page(model, "import"), {"import_file": SimpleUploadedFile(name, data), "resource": "0"})


def confirm(client, model, answer):
    form = answer.context["confirm_form"]
    return client.post(page(model, "process_import"), form.initial | {"checked": "on"}, follow=True).content.decode()


def said(answer) -> list[str]:
    """The refusals: about the file, about the whole list, and by row."""
    form, result = answer.context["form"], answer.context.get("result")
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    if result is None:
        return sentences
    if result.base_errors:
        return [str(error.error) for error in result.base_errors]
    sentences += [f"{where}：{fault}" for where, fault in result.faults()]
    assert not sentences or "什么都没有导入" in answer.content.decode()
    return sentences


def bring_in(client, model, data: bytes, name: str = "list.xlsx") -> str:
    answer = upload(client, model, data, name)
    assert said(answer) == []
    return confirm(client, model, answer)


RESIDENTS = ["区划代码", "姓名", "电话", "村民小组", "人群"]


def test_a_preview_changes_nothing(as_superuser):
    answer = upload(as_superuser, Resident, sheets.xlsx(RESIDENTS, [CODE, "王桂兰", 13800005678, "一组", ""]))

    assert "王桂兰" in answer.content.decode()
    assert not Resident.objects.exists()


def test_residents_come_in(as_superuser):
    data = sheets.xlsx(["青禾县居民名单"], RESIDENTS, [int(CODE), "王桂兰", 13800005678, "一组", ""])

    assert "导入完成：新增 1，更新 0，不变 0。" in bring_in(as_superuser, Resident, data)
    resident = Resident.objects.get()
    assert (resident.name, resident.phone, resident.division.code) == ("王桂兰", "13800005678", CODE)


def test_the_same_sheet_again_changes_nothing(as_superuser):
    data = sheets.xlsx(RESIDENTS, [CODE, "王桂兰", "138 0000 5678", "一组", ""])
    bring_in(as_superuser, Resident, data)

    assert "新增 0，更新 0，不变 1。" in bring_in(as_superuser, Resident, data)


def test_gb18030_csv_comes_in(as_superuser):
    data = f"{','.join(RESIDENTS)}\n{CODE},王桂兰,13800005678,,\n".encode("gb18030")

    bring_in(as_superuser, Resident, data, "list.csv")

    assert Resident.objects.get().name == "王桂兰"


def test_groups_are_named_in_one_cell(as_superuser):
    for code, name in (("elderly", "老年人"), ("party-members", "党员")):
        factories.GroupTagFactory(code=code, name=name)

    bring_in(as_superuser, Resident, sheets.xlsx(RESIDENTS, [CODE, "王桂兰", "", "", "老年人、党员"]))

    assert Resident.objects.get().groups.count() == 2


def test_errors_name_the_rows_of_the_file_and_nothing_comes_in(as_superuser):
    data = sheets.xlsx(
        ["名单"],
        RESIDENTS,
        [],
        [CODE, "王桂兰", "13800005678"],
        [CODE, "", "13800005679"],
        ["99010110020", "甲", ""],
        ["990101100999", "乙", ""],
        [CODE, "丙", "1234"],
        [CODE, "丁", "", "", "外星人"],
    )

    assert said(upload(as_superuser, Resident, data)) == [
        "第 5 行：“姓名”没有填",
        "第 6 行：区划代码“99010110020”不是12位数字",
        "第 7 行：没有这个区划代码：990101100999",
        "第 8 行：电话：请填写手机号，或带区号的座机，例如 0399-5550000。",
        "第 9 行：没有“外星人”",
    ]
    assert not Resident.objects.exists()


def test_of_many_errors_the_first_are_shown_and_the_others_counted(as_superuser):
    def html(bad: int) -> str:
        rows = [[CODE, "", f"138{at:08d}"] for at in range(bad)]
        return upload(as_superuser, Resident, sheets.xlsx(RESIDENTS, *rows)).content.decode()

    few, many = html(100), html(103)
    assert "第 101 行：" in few and "没有列出来" not in few
    assert "第 101 行：" in many and "第 102 行：" not in many and "还有 3 处没有列出来" in many


def test_a_row_that_comes_twice_is_named(as_superuser):
    data = sheets.xlsx(RESIDENTS, [CODE, "王桂兰", "13800005678"], [CODE, "王桂兰", "138-0000-5678"])

    assert said(upload(as_superuser, Resident, data)) == ["第 3 行：和第 2 行重复"]


def test_a_missing_column_is_named(as_superuser):
    assert said(upload(as_superuser, Resident, sheets.xlsx(["姓名", "电话"], ["王桂兰", ""]))) == [
        "缺少这些列：区划代码"
    ]


def test_rows_of_another_region_are_refused(as_officer, township, village, other_center):
    data = sheets.xlsx(RESIDENTS, [CODE, "王桂兰", ""], [FOREIGN, "石大山", ""])

    assert said(upload(as_officer, Resident, data)) == [f"第 3 行：{FOREIGN} 不在您管的范围内"]


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"<html></html>", "list.xlsx"), (b"", "list.csv"), (b"PK\x03\x04broken", "list.xlsx"), (b"x", "list.exe")],
)
def test_a_bad_file_is_refused_in_one_sentence(as_superuser, data, name):
    [sentence] = said(upload(as_superuser, Resident, data, name)) or ["。"]

    assert sentence.endswith("。")


def test_a_confirmation_of_somebody_elses_file_opens_nothing(as_superuser):
    initial = {"import_file_name": "/etc/passwd", "original_file_name": "x", "format": "1", "resource": ""}

    answer = as_superuser.post(page(Resident, "process_import"), initial, follow=True)

    assert "预览已经过期" in answer.content.decode()


def test_centers_come_in_and_are_updated(as_superuser, village):
    header = ["区划代码", "名称", "电话", "常住人口", "对外服务"]
    bring_in(as_superuser, Center, sheets.xlsx(header, [CODE, "柳湾村党群服务中心", "0399-5550000", 1200, "是"]))
    bring_in(as_superuser, Center, sheets.xlsx(header, [CODE, "柳湾村党群服务中心", "0399-5550000", 1300, ""]))

    center = Center.objects.get()
    assert (center.resident_population, center.is_active, center.phone) == (1300, True, "0399-5550000")


def test_rooms_come_in_with_their_functions(as_superuser, center):
    factories.RoomFunctionFactory()
    bring_in(as_superuser, Room, sheets.xlsx(["区划代码", "名称", "功能", "面积"], [CODE, "阅览室", "农家书屋", 40.5]))

    room = Room.objects.get()
    assert (room.center, float(room.area), room.seats, room.functions.count()) == (center, 40.5, 10, 1)


STAFF = ["区划代码", "姓名", "手机号", "角色", "职务"]


def test_staff_come_in_with_an_account(as_superuser):
    bring_in(as_superuser, Membership, sheets.xlsx(STAFF, [CODE, "李春燕", 13800001111, "代办员", "妇女主任"]))

    held = Membership.objects.get(user__phone="13800001111")
    assert (held.user.name, held.role, held.title) == ("李春燕", "proxy_agent", "妇女主任")
    assert not held.user.has_usable_password()


def test_staff_of_the_same_sheet_again_change_nothing(as_superuser):
    data = sheets.xlsx(STAFF, [CODE, "李春燕", 13800001111, "代办员", "妇女主任"])
    bring_in(as_superuser, Membership, data)

    assert "新增 0，更新 0，不变 1。" in bring_in(as_superuser, Membership, data)
    assert User.objects.filter(phone="13800001111").count() == 1


def test_a_sheet_hands_out_no_rank_above_its_own(as_officer, village):
    data = sheets.xlsx(STAFF, [CODE, "李春燕", 13800001111, "县级管理员", ""])

    [sentence] = said(upload(as_officer, Membership, data))
    assert sentence.startswith("第 2 行：您不能在")
    assert not User.objects.filter(phone="13800001111").exists()


def export(client, model, kind: str, resource: str = "0") -> bytes:
    number = {"xlsx": "0", "csv": "1"}[kind]
    return client.post(page(model, "export"), {"format": number, "resource": resource}).content


def first_row(data: bytes, kind: str) -> list:
    if kind == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1]
    return [cell.value for cell in load_workbook(io.BytesIO(data)).active[2]]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_disarms_what_people_typed(as_superuser, center, kind):
    Center.objects.update(name="=cmd|'/C calc'!A0", address="@SUM(1)")

    row = first_row(export(as_superuser, Center, kind), kind)

    assert row[1:3] == ["'=cmd|'/C calc'!A0", "'@SUM(1)"]


def test_an_export_keeps_numbers(as_superuser, center):
    assert 1200 in first_row(export(as_superuser, Center, "xlsx"), "xlsx")


def test_an_export_can_be_masked_and_is_on_record(as_superuser, resident):
    full, masked = (first_row(export(as_superuser, Resident, "csv", number), "csv") for number in "01")

    assert (full[2], masked[2]) == ("13800005678", "138****5678")
    assert LogEntry.objects.filter(change_message__contains="导出 1 行").count() == 2


def test_an_officer_exports_masked_names_and_numbers_of_their_own_township(as_officer, resident, other_center):
    factories.ResidentFactory(division=other_center.division, name="石大山")

    rows = list(csv.reader(io.StringIO(export(as_officer, Resident, "csv").decode("utf-8-sig"))))

    assert [row[1:3] for row in rows[1:]] == [["王*兰", "138****5678"]]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_went_out_comes_in_again(as_superuser, center, kind):
    data = export(as_superuser, Center, kind)

    assert "新增 0，更新 0，不变 1。" in bring_in(as_superuser, Center, data, f"list.{kind}")
