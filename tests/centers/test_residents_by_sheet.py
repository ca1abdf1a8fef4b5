"""Residents by sheet: namesakes come in one after another, and what is exported can be imported again."""

import pytest

from centers.models import Resident
from tests import factories
from tests.centers import sheets
from tests.centers.test_sheets import CODE, as_superuser, bring_in, page, said, upload  # noqa: F401

pytestmark = pytest.mark.django_db

HEADERS = ["区划代码", "姓名", "电话", "村民小组", "怎么分清"]


def without_phone(village, group: str = "", remark: str = "") -> Resident:
    return factories.ResidentFactory(division=village, name="张伟", phone="", villager_group=group, remark=remark)


@pytest.mark.parametrize("row", [("二组", ""), ("一组", "东头的"), ("", "东头的")])
def test_a_second_namesake_comes_in_later(as_superuser, village, row):  # noqa: F811
    without_phone(village, "一组")

    bring_in(as_superuser, Resident, sheets.xlsx(HEADERS, [CODE, "张 伟", "", *row]))

    assert Resident.objects.filter(villager_group=row[0], remark=row[1]).exists() and Resident.objects.count() == 2


def test_where_nothing_tells_them_apart_it_says_what_to_do(as_superuser, village):  # noqa: F811
    without_phone(village, "一组")
    [sentence] = said(upload(as_superuser, Resident, sheets.xlsx(HEADERS, [CODE, "张伟", "", "", ""])))
    assert "同名、没有电话的张伟（一组）" in sentence


def test_nor_does_a_group_where_the_listed_one_has_none(as_superuser, village):  # noqa: F811
    known = without_phone(village)
    sheet = sheets.xlsx(HEADERS, [CODE, "张伟", "", "二组", ""])
    [sentence] = said(upload(as_superuser, Resident, sheet))
    assert "请先在“居民”里给那一位写上" in sentence

    Resident.objects.filter(pk=known.pk).update(villager_group="一组")
    bring_in(as_superuser, Resident, sheet)
    assert Resident.objects.count() == 2


@pytest.mark.parametrize(("number", "suffix"), [("0", "xlsx"), ("1", "csv")])
def test_an_export_comes_in_again_while_two_rows_wait_to_be_joined(as_superuser, village, number, suffix):  # noqa: F811
    keep = factories.ResidentFactory(division=village, name="李四", phone="13800000001")
    factories.ResidentFactory(division=village, name="李四", phone="13800000001", twin_of=keep)
    columns = {f"residentresource_{name}": "on" for name in ("division", "name", "phone", "villager_group", "remark")}
    answer = as_superuser.post(page(Resident, "export"), {"resource": "0", "format": number, **columns})

    assert "新增 0，更新 0，不变 1。" in bring_in(as_superuser, Resident, answer.content, f"list.{suffix}")
