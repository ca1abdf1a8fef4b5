"""A center's public page."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.appointments.villager import queries_of

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def page(client, center):
    return lambda: client.get(reverse("center", args=[center.code])).content.decode()


def test_it_says_where_it_is_and_whom_to_call(page, center):
    center.directions = "大槐树往里走"
    center.save()

    html = page()

    assert "柳湾村中街12号" in html and "大槐树往里走" in html and "tel:03995550101" in html


def test_its_services_lead_to_booking(page, center, item):
    assert reverse("book_time", args=[center.code, item.code]) in page()


def test_a_nearer_version_of_an_item_replaces_the_countys(page, item, township):
    factories.ServiceItemFactory(division=township, code=item.code, everyday_name="镇上的养老认证")

    html = page()

    assert "镇上的养老认证" in html and "养老金认证" not in html


def test_its_week_names_closures(page, center):
    factories.open_on(center, *range(7), opens=time(8, 30), closes=time(11, 30))
    factories.ClosureNoticeFactory(center=center, approved=True)
    factories.arrange(center)

    html = page()

    assert html.count("上午8:30–11:30") >= 5 and "农忙" in html


def test_it_says_when_the_next_market_is(page, township):
    rule = factories.MarketRuleFactory(division=township)
    factories.MarketDayFactory(rule=rule, date=timezone.localdate() + timedelta(days=2))

    assert "赶集" in page()


def test_it_shows_rooms_that_are_lent_and_no_others(page, center):
    factories.RoomFactory(center=center, name="大礼堂")
    factories.RoomFactory(center=center, name="财务室", is_public=False)

    html = page()

    assert "大礼堂" in html and "财务室" not in html


@pytest.mark.parametrize("hour", [3, 9], ids=["closed", "open, with who waits"])
def test_it_asks_a_fixed_number_of_queries(client, center, item, hour, time_machine):
    time_machine.move_to(datetime(2026, 11, 25, hour, tzinfo=SHANGHAI), tick=False)
    url = reverse("center", args=[center.code])
    factories.open_on(center, *range(7))
    room = factories.RoomFactory(center=center)
    room.functions.add(factories.RoomFunctionFactory())
    before = queries_of(client, url)
    factories.open_on(center, *range(7), opens=time(14), closes=time(17, 30))
    for _number in range(7):
        factories.ServiceItemFactory(division=item.division)
        factories.RoomFactory(center=center).functions.add(factories.RoomFunctionFactory())
        factories.ClosureNoticeFactory(center=center, approved=True)

    assert queries_of(client, url) == before
