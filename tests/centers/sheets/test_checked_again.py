"""What was checked for the preview is checked again when it is confirmed."""

import pytest
from django.utils import timezone

from centers.models import Membership, Resident, Room
from tests import factories
from tests.centers.sheets import steps

pytestmark = pytest.mark.django_db
CODE = "990101100201"


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def test_somebody_else_has_listed_one_of_them_meanwhile(client, village):
    rows = [[CODE, "王桂兰", "13800005678", "", "", ""], [CODE, "李红", "", "", "", ""]]
    steps.upload(client, "residents", steps.RESIDENTS, *rows)
    factories.ResidentFactory(division=village, name="李红", phone="", villager_group="一组")
    page = steps.confirm(client)

    assert "新增1，更新0，不变0" in steps.said(page) and "有1处没有导入：预览以后有了变化" in steps.said(page)
    assert Resident.objects.count() == 2


def test_who_manages_other_places_now_brings_nothing_in(client, center, officer, other_township):
    steps.upload(client, "rooms", ["区划代码", "名称"], [CODE, "农家书屋"])
    Membership.objects.filter(user=officer).update(division=other_township)
    page = steps.confirm(client)

    assert "第 2 行 ：990101100201 不在您管的范围内" in steps.said(page) and not Room.objects.exists()


def test_who_has_lost_the_role_is_refused(client, center, officer):
    steps.upload(client, "rooms", ["区划代码", "名称"], [CODE, "农家书屋"])
    Membership.objects.filter(user=officer).update(revoked_at=timezone.now())

    assert steps.confirm(client).status_code == 403 and not Room.objects.exists()


def test_two_taps_write_once(client, center):
    steps.upload(client, "rooms", ["区划代码", "名称"], [CODE, "农家书屋"])
    steps.confirm(client)
    written = steps.last().written_at

    assert "导入好了" in steps.said(steps.confirm(client))
    assert steps.last().written_at == written and Room.objects.count() == 1
