"""The manager switches an item off at the center, and on again."""

import pytest

from appointments.catalog import opting_out
from appointments.catalog.offered import offers_at
from tests.appointments.offering.filled import shown
from tests.appointments.steps import book

pytestmark = pytest.mark.django_db
LIST = "/desk/duty/items/"
PAGE = f"{LIST}yanglao-renzheng/"


@pytest.fixture
def client(manager, center, item, signed_in):
    return signed_in(manager)


def test_it_names_whom_it_touches_and_leads_to_them(client, center, slot, item, resident):
    book(slot, item, resident)
    asked = client.get(f"{PAGE}off/")
    assert "这会碰到1个预约" in asked.content.decode() and "别的村照常办" in asked.content.decode()
    assert offers_at(center)
    answer = client.post(f"{PAGE}off/", {**shown(asked), "tell": "call"})
    assert answer.url.startswith("/desk/settle/") and not offers_at(center)


def test_it_is_listed_as_off_and_switched_on_again(client, center):
    client.post(f"{PAGE}off/", shown(client.get(f"{PAGE}off/")))
    page = client.get(LIST).content.decode()
    assert "这里不办的" in page and "恢复办理" in page and not offers_at(center)
    client.post(f"{PAGE}on/")
    assert offers_at(center) and "这里不办的" not in client.get(LIST).content.decode()


def test_what_the_township_has_switched_off_is_not_the_managers(client, center, township, item, officer):
    opting_out.opt_out(division=township, code=item.code, by=officer)
    page = client.get(LIST).content.decode()
    assert "柳溪镇定的" in page and "恢复办理" not in page
    client.post(f"{PAGE}on/")
    assert not offers_at(center)


def test_the_desk_may_not(cadre, center, item, signed_in):
    client = signed_in(cadre)
    assert [client.get(f"{PAGE}off/").status_code, client.post(f"{PAGE}on/").status_code] == [403, 403]
    assert offers_at(center)


def test_the_township_switches_it_off_for_all_of_its_villages(officer, center, slot, item, resident, signed_in):
    client, page = signed_in(officer), f"/manage/offered/990101100000/{item.code}/"
    book(slot, item, resident)
    asked = client.get(f"{page}off/")
    assert "这会碰到1个预约" in asked.content.decode() and offers_at(center)
    client.post(f"{page}off/", {**shown(asked), "tell": "call"})
    assert not offers_at(center) and "全镇不办" in client.get("/manage/offered/").content.decode()
    client.post(f"{page}on/")
    assert offers_at(center)


def test_the_township_sees_what_a_village_has_switched_off(officer, center, item, manager, signed_in):
    opting_out.opt_out(division=center.division, code=item.code, by=manager)
    client = signed_in(officer)
    assert "1个村不办" in client.get("/manage/offered/").content.decode()
    assert manager.name in client.get(f"/manage/offered/990101100000/{item.code}/").content.decode()
