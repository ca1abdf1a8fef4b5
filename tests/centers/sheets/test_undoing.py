"""The last import is taken back: what nobody has used since; the rest stays and is listed with why."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from centers.importing.hours import WEEKDAYS
from centers.models import Center, FamilyLink, Membership, OpeningRule, Resident, Room, Staff
from tests import factories
from tests.appointments.steps import book
from tests.centers.sheets import steps
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
CODE = "990101100201"


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def test_what_nobody_has_used_is_gone(client, village, item):
    steps.bring_in(client, "centers", steps.CENTERS, [CODE, "柳湾村中心", "", "8:30-17:30", ""])
    assert Center.objects.get().slots.exists()
    page = steps.undo(client)

    assert "撤回了，和导入以前一样了。" in steps.said(page)
    assert not Center.objects.exists() and not OpeningRule.objects.exists()


def test_a_center_that_somebody_has_booked_stays_as_a_whole(client, village, item):
    steps.bring_in(client, "centers", steps.CENTERS, [CODE, "柳湾村中心", "", "8:30-17:30", ""])
    factories.AppointmentFactory(center=Center.objects.get(), item=item, starts_at=at(3, 9))
    page = steps.undo(client)

    assert "有1行有人用过或改过，留着没有动" in steps.said(page) and "第 2 行 ：已经有预约" in steps.said(page)
    assert OpeningRule.objects.count() == 5


def test_hours_that_were_changed_come_back(client, center):
    factories.OpeningRuleFactory(center=center, online_places=7)
    steps.bring_in(client, "centers", steps.CENTERS, [CODE, center.name, "", "9:00-12:00", ""])
    assert set(OpeningRule.objects.values_list("online_places", flat=True)) == {7}
    steps.undo(client)

    rule = OpeningRule.objects.get()
    assert (f"{rule.opens:%H:%M}", rule.weekday, rule.online_places) == ("08:30", 0, 7)


def test_hours_in_which_somebody_has_booked_since_stay(client, center, item, resident):
    hours = ["区划代码", "名称", *WEEKDAYS]
    factories.open_on(center, *range(7), closes=time(11, 30))
    steps.bring_in(client, "centers", hours, [CODE, center.name, *["8:30-17:30"] * 7])
    book(center.slots.get(starts_at=at(3, 16)), item, resident)
    page = steps.undo(client)

    assert "第 2 行 ：有1个约好的时间在里面" in steps.said(page)
    assert set(OpeningRule.objects.values_list("closes", flat=True)) == {time(17, 30)}


def test_what_was_changed_again_since_stays(client, center):
    steps.bring_in(client, "rooms", ["区划代码", "名称"], [CODE, "农家书屋"], [CODE, "会议室"])
    Room.objects.filter(name="会议室").update(seats=99)
    page = steps.undo(client)

    assert "第 3 行 ：后来改过" in steps.said(page)
    assert list(Room.objects.values_list("name", flat=True)) == ["会议室"]


def test_a_changed_row_is_as_it_was(client, center):
    room = factories.RoomFactory(center=center, name="农家书屋", area=None)
    tag = factories.RoomFunctionFactory()
    steps.bring_in(client, "rooms", ["区划代码", "名称", "面积", "功能"], [CODE, "农家书屋", 35.5, tag.name])
    assert list(room.functions.all()) == [tag]
    steps.undo(client)

    room.refresh_from_db()
    assert room.area is None and not room.functions.exists()


def test_people_lose_the_role_and_the_post(client, center):
    steps.bring_in(client, "people", steps.PEOPLE, [CODE, "张建国", "13800005678", "", "", "代办员"])
    steps.undo(client)

    assert Membership.objects.get(role="proxy_agent").revoked_at and not Staff.objects.exists()


def test_a_relative_who_has_signed_in_keeps_the_link_and_the_resident(client, village):
    rows = [[CODE, "王桂兰", "", "王建军", "13800005679", "子女"], [CODE, "李红", "", "", "", ""]]
    steps.bring_in(client, "residents", steps.RESIDENTS, *rows)
    user = FamilyLink.objects.get().user
    user.last_login = timezone.now() + timedelta(minutes=1)
    user.save()
    page = steps.undo(client)

    assert "有1行" in steps.said(page) and "家人登录过" in steps.said(page)
    assert list(Resident.objects.values_list("name", flat=True)) == ["王桂兰"]


def test_only_the_last_of_a_kind_is_taken_back(client, center):
    steps.bring_in(client, "rooms", ["区划代码", "名称"], [CODE, "农家书屋"])
    first = steps.last().pk
    steps.bring_in(client, "rooms", ["区划代码", "名称"], [CODE, "会议室"])

    assert "请从最后一次撤起" in steps.said(steps.undo(client, first))
    assert Room.objects.count() == 2
    steps.undo(client)
    steps.undo(client, first)
    assert not Room.objects.exists()


def test_what_one_does_not_manage_any_more_stays(client, center, officer, other_township):
    steps.bring_in(client, "rooms", ["区划代码", "名称"], [CODE, "农家书屋"])
    Membership.objects.filter(user=officer).update(division=other_township)
    page = steps.undo(client)

    assert "第 2 行 ：现在不归您管" in steps.said(page) and Room.objects.exists()
