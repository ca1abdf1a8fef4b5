"""A role goes to the person whose name stands beside the number, and to nobody else."""

import pytest

from centers.models import Membership, Resident
from portal.accounts.models import User
from tests import factories
from tests.centers import sheets
from tests.centers.test_sheets import CODE, STAFF, as_superuser, bring_in, confirm, page, said, upload  # noqa: F401

pytestmark = pytest.mark.django_db


def test_a_number_of_another_name_is_an_error_at_that_row(as_superuser):  # noqa: F811
    factories.UserFactory(name="孙店主", phone="13800001111")
    data = sheets.xlsx(STAFF, [CODE, "李春燕", "138 0000 1111", "代办员", ""])

    [sentence] = said(upload(as_superuser, Membership, data))
    assert sentence.startswith("第 2 行：138****1111 是孙店主的账号，不是李春燕的")
    assert not Membership.objects.exists()


def test_another_spelling_of_the_name_is_the_same_person(as_superuser):  # noqa: F811
    known = factories.UserFactory(name="买买提·艾力", phone="13800001111")
    bring_in(as_superuser, Membership, sheets.xlsx(STAFF, [CODE, "买买提 • 艾力", "86 13800001111", "代办员", ""]))

    assert Membership.objects.get().user == known


def test_an_account_that_came_by_code_gets_its_name_from_the_sheet(as_superuser):  # noqa: F811
    known = factories.UserFactory(name="", phone="13800001111")
    bring_in(as_superuser, Membership, sheets.xlsx(STAFF, [CODE, "李春燕", 13800001111, "代办员", ""]))

    known.refresh_from_db()
    assert known.name == "李春燕"


def test_roles_are_confirmed_by_name_before_they_are_given(as_superuser):  # noqa: F811
    answer = upload(as_superuser, Membership, sheets.xlsx(STAFF, [CODE, "李春燕", 13800001111, "代办员", ""]))
    html = answer.content.decode()
    assert "李春燕" in html and "按姓名核对" in html

    initial = answer.context["confirm_form"].initial
    refused = as_superuser.post(page(Membership, "process_import"), initial, follow=True).content.decode()
    assert "没有打勾" in refused and not User.objects.filter(phone="13800001111").exists()

    confirm(as_superuser, Membership, answer)
    assert Membership.objects.get().user.name == "李春燕"


RESIDENTS = ["区划代码", "姓名", "电话", "村民小组", "怎么分清"]


def test_two_of_one_name_without_a_phone_come_in_as_two(as_superuser):  # noqa: F811
    data = sheets.xlsx(
        RESIDENTS, [CODE, "张伟", "", "一组", ""], [CODE, "张 伟", "", "二组", ""], [CODE, "张伟", "", "二组", "西头"]
    )
    bring_in(as_superuser, Resident, data)

    assert Resident.objects.count() == 3
    assert "新增 0，更新 0，不变 3。" in bring_in(as_superuser, Resident, data)


def test_two_that_nothing_tells_apart_are_named(as_superuser):  # noqa: F811
    data = sheets.xlsx(RESIDENTS, [CODE, "张伟", "", "一组", ""], [CODE, "张 伟", "", "一组", ""])

    assert said(upload(as_superuser, Resident, data)) == ["第 3 行：和第 2 行重复"]


def test_who_may_be_one_of_the_village_has_to_be_told_apart(as_superuser, village):  # noqa: F811
    factories.ResidentFactory(division=village, name="张伟", phone="", villager_group="一组")

    [sentence] = said(upload(as_superuser, Resident, sheets.xlsx(RESIDENTS, [CODE, "张伟", "", "", ""])))
    assert sentence.startswith("第 2 行：村里已有同名、没有电话的张伟（一组）")
