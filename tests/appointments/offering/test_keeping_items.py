"""The county's list: adopting the starter catalog, ending an item and offering it again, within its own division."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.catalog import drafts, starter
from appointments.models import ServiceItem
from tests import factories
from tests.appointments.offering.filled import shown

pytestmark = pytest.mark.django_db
LIST, STARTER = "/manage/items/", "/manage/items/starter/"
PAGE = "/manage/items/990101000000/yanglao-renzheng/"


@pytest.fixture
def client(county_official, signed_in):
    return signed_in(county_official)


def offered() -> set[str]:
    return set(ServiceItem.objects.current().values_list("code", flat=True))


def test_some_are_adopted_and_a_second_tap_leaves_them(client, item):
    asked = client.post(STARTER, {"codes": ["dibao", "tekun"]})
    assert "采用这2件" in asked.content.decode() and offered() == {"yanglao-renzheng"}
    for _tap in range(2):
        client.post(STARTER, {**shown(asked), "sure": "1"})
    assert offered() == {"yanglao-renzheng", "dibao", "tekun"}
    assert ServiceItem.objects.count() == 3


def test_all_that_are_left_are_adopted_and_what_was_edited_stays(client, item):
    asked = client.post(STARTER, {"all": "1"})
    client.post(STARTER, {**shown(asked), "sure": "1"})
    assert len(offered()) == 47
    item.refresh_from_db()
    assert item.materials == ["身份证"] and "都采用了" in client.get(STARTER).content.decode()


@pytest.mark.parametrize("codes", [[], ["nonsense"]])
def test_nothing_is_adopted_without_a_choice(client, item, codes):
    answer = client.post(STARTER, {"codes": codes})
    assert answer.status_code == 422 and offered() == {"yanglao-renzheng"}
    client.post(STARTER, {"codes": codes, "sure": "1"})
    assert offered() == {"yanglao-renzheng"}


def test_ending_names_whom_it_touches_and_is_undone(client, center, slot, item, resident):
    booked = factories.AppointmentFactory(item=item, center=center, resident=resident)
    factories.CaseFactory(item=item, center=center, resident=resident)
    asked = client.get(f"{PAGE}end/")
    page = asked.content.decode()
    assert "这会碰到1个预约" in page and "正在代办的1件不受影响" in page and "1个中心不再办" in page
    assert offered() == {item.code}
    client.post(f"{PAGE}end/", {**shown(asked), "tell": "call"})
    assert offered() == set() and "停办了" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}resume/")
    assert offered() == {item.code} and booked.pk


def test_what_was_changed_meanwhile_is_not_ended_unseen(client, item, cadre):
    asked = shown(client.get(f"{PAGE}end/"))
    drafts.services.revise(item=item, by=cadre, minutes=45)
    assert client.post(f"{PAGE}end/", asked).status_code == 409
    assert offered() == {item.code}


def test_the_list_finds_and_filters(client, county, item, cadre):
    ended = starter.adopt(division=county, codes=["dibao"], by=cadre) and ServiceItem.objects.get(code="dibao")
    drafts.services.end(item=ended, by=cadre)
    factories.ItemDraftFactory(division=county, code="new", everyday_name="磨剪子")
    pages = {state: client.get(f"{LIST}?state={state}").content.decode() for state in ("offered", "drafts", "ended")}
    names = ("养老金认证", "磨剪子", "申请低保")
    assert [[name in pages[state] for name in names] for state in pages] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
    assert "申请低保" in client.get(f"{LIST}?state=ended&q=dibao").content.decode()
    assert "没有找到" in client.get(f"{LIST}?q=养鱼").content.decode()


def test_another_county_is_out_of_reach(client, item):
    other = factories.DivisionFactory(code="990102000000", name="白石县")
    factories.ServiceItemFactory(division=other, code="theirs", everyday_name="别县的")
    assert "别县的" not in client.get(LIST).content.decode()
    addresses = [f"{LIST}990102000000/theirs/{step}" for step in ("", "edit/", "end/", "discard/")]
    assert [client.get(address).status_code for address in addresses] == [404] * 4
    assert client.post(f"{LIST}990102000000/theirs/resume/").status_code == 404
    assert client.get(f"{STARTER}?at=990102000000").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_all(client, county, item, cadre):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            client.get(LIST)
        return len(counted)

    one = queries()
    starter.adopt(division=county, by=cadre)
    assert queries() == one
