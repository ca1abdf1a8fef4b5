"""A sheet on its pages: uploaded, previewed, confirmed; the same once more changes nothing."""

from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centers.importing.hours import WEEKDAYS
from centers.models import Center, FamilyLink, Membership, OpeningRule, Resident, Room, Staff
from tests import factories
from tests.appointments.steps import book
from tests.centers.sheets import steps
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
CODE = "990101100201"
SHEETS = {
    "centers": (steps.CENTERS, ["柳湾村", "柳湾村党群服务中心", "", "8:30-11:30、14:00-17:30", "休息"]),
    "rooms": (["区划代码", "名称", "可坐人数", "群众可借用"], [CODE, "农家书屋", 20, "是"]),
    "people": (steps.PEOPLE, [CODE, "张建国", "13800005678", "专干", "否", "代办员"]),
    "residents": (steps.RESIDENTS, [CODE, "王桂兰", "0399-5550199", "王建军", "13800005679", "子女"]),
}


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def test_a_preview_changes_nothing(client, center):
    page = steps.upload(client, "rooms", *SHEETS["rooms"])

    assert "1行都对。还没有导入" in steps.said(page) and "农家书屋" in steps.said(page)
    assert not Room.objects.exists()


def test_a_center_comes_with_its_hours(client, village):
    page = steps.bring_in(client, "centers", *SHEETS["centers"])

    assert "导入好了：新增1，更新0，不变0。" in steps.said(page)
    assert OpeningRule.objects.filter(center__division=village).count() == 10
    assert Center.objects.get().days.filter(reason="").exists()


def test_an_empty_cell_leaves_what_is_stored(client, center):
    steps.bring_in(client, "centers", ["区划代码", "名称", "电话", "地址"], [CODE, "新名称", "", ""])

    stored = Center.objects.get(pk=center.pk)
    assert (stored.name, stored.phone, stored.address) == ("新名称", center.phone, center.address)


def test_people_get_a_post_and_a_login(client, center):
    steps.bring_in(client, "people", *SHEETS["people"])

    person, role = Staff.objects.get(center=center), Membership.objects.get(role="proxy_agent")
    assert (person.user, person.takes_turns, person.title) == (role.user, False, "专干")
    assert role.user.phone == "13800005678" and not role.user.has_usable_password()


def test_somebody_without_a_role_gets_no_login(client, center):
    steps.bring_in(client, "people", steps.PEOPLE, [CODE, "李红", "", "", "", ""])

    assert Staff.objects.get().user is None and not Membership.objects.filter(division=center.division).exists()


def test_an_official_of_more_than_one_village_is_on_no_roster(client, center, township):
    steps.bring_in(client, "people", steps.PEOPLE, ["柳溪镇", "赵干部", "13800005677", "", "", "包村干部"])

    assert Membership.objects.get(role="liaison").division == township and not Staff.objects.exists()


def test_a_resident_comes_with_who_books_for_them(client, village):
    steps.bring_in(client, "residents", *SHEETS["residents"])

    link = FamilyLink.objects.get()
    assert (link.resident.name, link.user.phone, link.relation) == ("王桂兰", "13800005679", "child")


@pytest.mark.parametrize("kind", SHEETS)
def test_the_same_again_changes_nothing(kind, client, center):
    steps.bring_in(client, kind, *SHEETS[kind])
    page = steps.upload(client, kind, *SHEETS[kind])

    assert "没有要导入的" in steps.said(page)
    assert "没有要导入的" in steps.said(steps.confirm(client))
    assert not Resident.objects.count() > 1


def test_who_did_not_check_the_people_confirms_nothing(client, center):
    steps.upload(client, "people", *SHEETS["people"])
    page = client.post(f"/manage/sheets/{steps.last().pk}/")

    assert "请先打勾" in steps.said(page) and not Staff.objects.exists()


def test_the_preview_says_whose_time_would_be_closed(client, center, item, resident):
    factories.open_on(center, *range(7), closes=time(17, 30))
    book(center.slots.get(starts_at=at(3, 16)), item, resident)
    hours = ["区划代码", "名称", *WEEKDAYS]
    page = steps.upload(client, "centers", hours, [CODE, center.name, *["8:30-12:00"] * 7])

    assert "有1个约好的时间会不开门了" in steps.said(page)
    assert set(OpeningRule.objects.values_list("closes", flat=True)) == {time(17, 30)}


def test_the_pages_ask_no_more_for_more(client, center, officer):
    def queries() -> list[int]:
        counts = []
        for address in ("/manage/sheets/", "/manage/sheets/rooms/", f"/manage/sheets/{steps.last().pk}/"):
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))
        return counts

    steps.upload(client, "rooms", *SHEETS["rooms"])
    few = queries()
    for _more in range(20):
        factories.SheetPartFactory(upload=factories.SheetUploadFactory(by=officer))
    steps.upload(client, "rooms", SHEETS["rooms"][0], *[[CODE, f"房间{number}", 20, "是"] for number in range(40)])
    assert queries() == few
