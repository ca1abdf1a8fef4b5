"""What is wrong is told by row in Chinese, and nothing comes in."""

import pytest

from centers.models import Center, Resident
from tests import factories
from tests.centers.sheets import steps

pytestmark = pytest.mark.django_db
CODE = "990101100201"


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def test_each_row_says_what_is_wrong_with_it(client, center, resident, other_center):
    factories.UserFactory(name="李红", phone="13800005679")
    page = steps.upload(
        client,
        "residents",
        steps.RESIDENTS,
        [CODE, "张大山", "13800005600", "", "", ""],
        ["", "张大山", "", "", "", ""],
        ["990101101201", "石大山", "", "", "", ""],
        [CODE, "张大山", "138 0000 5600", "", "", ""],
        [CODE, "张小山", "", "王建军", "13800005679", "子女"],
        [CODE, "张小河", "", "王建军", "", ""],
        [CODE, "张小江", "", "王建军", "13800005670", "邻居"],
    )

    words = steps.said(page)
    assert "有6处要改，什么都没有导入" in words
    for expected in (
        "第 3 行 ：“区划代码”没有填",
        "第 4 行 ：990101101201 不在您管的范围内",
        "第 5 行 ：和第 2 行重复",
        "第 6 行 ：138****5679 是别人的账号，不是王建军的",
        "第 7 行 ：家人的姓名、手机号和“是居民的”要一起填。",
        "第 8 行 ：“邻居”请写其中一个：本人、子女、配偶、父母、其他亲属",
    ):
        assert expected in words
    assert Resident.objects.count() == 1
    assert "什么都没有导入" in steps.said(steps.confirm(client)) and Resident.objects.count() == 1


def test_the_list_of_errors_can_be_downloaded(client, center):
    steps.upload(client, "residents", steps.RESIDENTS, *[[CODE, "", "", "", "", ""] for _row in range(150)])
    page = client.get(f"/manage/sheets/{steps.last().pk}/")
    lines = client.get(f"/manage/sheets/{steps.last().pk}/errors/").content.decode("utf-8-sig").splitlines()

    assert "还有50处没有列出来" in steps.said(page)
    assert len(lines) == 151 and lines[-1] == '"",151,"“姓名”没有填"'


def test_a_name_that_two_villages_have_lists_their_codes(client, village, township):
    factories.DivisionFactory(code="990101100202", name="柳湾村委会")
    page = steps.upload(client, "centers", ["区划代码", "名称"], ["柳湾村", "中心"], ["没有村", "中心"])

    assert "第 2 行 ：有2个“柳湾村”：990101100201（柳溪镇）、990101100202（柳溪镇）。请写代码。" in steps.said(page)
    assert "第 3 行 ：您管的范围里没有叫“没有村”的。" in steps.said(page)


def test_a_village_of_others_is_not_found_by_name(client, center, other_center):
    page = steps.upload(client, "centers", ["区划代码", "名称"], ["石桥村", "中心"])

    assert "您管的范围里没有叫“石桥村”的" in steps.said(page) and Center.objects.count() == 2


def test_a_manager_fills_in_their_own_center_and_gives_no_roles_above(manager, signed_in, center, other_center):
    rows = [["990101101201", "石大山", "", "", "", ""], [CODE, "张建国", "13800005678", "", "", "乡镇工作人员"]]
    page = steps.upload(signed_in(manager), "people", steps.PEOPLE, [CODE, "李红", "", "", "", ""], *rows)

    assert "第 3 行 ：990101101201 不在您管的范围内" in steps.said(page)
    assert "第 4 行 ：您不能在柳湾村村民委员会授予“乡镇工作人员”，这要由上一级来做。" in steps.said(page)
    assert "第 2 行" not in steps.said(page)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("早上到晚上", "“早上到晚上”看不懂。请写成 8:30-11:30、14:00-17:30，不开就写 休息。"),
        ("8:30-11:30、11:00-12:00", "里有两段重叠了"),
        ("25:00-26:00", "里没有这个钟点"),
        ("17:00-9:00", "关门时间要晚于开门时间"),
    ],
)
def test_hours_that_cannot_be(client, center, cell, sentence):
    page = steps.upload(client, "centers", ["区划代码", "名称", "周一"], [CODE, "中心", cell])

    assert "第 2 行 ：“周一”：" in steps.said(page) and sentence in steps.said(page)
