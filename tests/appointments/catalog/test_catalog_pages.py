"""The guide: what to bring, how long it takes, and one step on to booking."""

import pytest
from django.urls import reverse

from appointments.catalog import services as catalogue
from appointments.catalog import starter
from appointments.models import ServiceItem

RENZHENG = "yanglao-renzheng"


@pytest.fixture
def items(county):
    starter.adopt(division=county)


def page(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_guide_lists_the_everyday_groups(client, items):
    html = page(client, "items")
    assert "困难救助" in html
    assert reverse("item", args=["dibao"]) in html


def test_a_search_shows_only_what_was_found(client, items):
    html = page(client, "items", q="养老认证")
    assert reverse("item", args=[RENZHENG]) in html
    assert reverse("item", args=["dibao"]) not in html


def test_nothing_found_says_what_to_do(client, items):
    assert "没有找到“飞机票”" in page(client, "items", q="飞机票")


def test_an_item_says_what_to_bring(client, items):
    html = page(client, "item", "dibao")
    assert "户口簿" in html
    assert "家庭经济状况核对授权书" in html


def test_an_item_says_what_is_promised_and_what_is_prescribed(client, items):
    html = page(client, "item", "canji-butie")
    assert "4个工作日" in html
    assert "规定的时限：24个工作日" in html


def test_an_item_says_who_has_to_come(client, items):
    assert "要本人刷脸" in page(client, "item", RENZHENG)


def test_an_item_leads_to_its_times_at_the_center_asked_for(client, items, center):
    html = page(client, "item", RENZHENG, center=center.code)
    assert reverse("book_time", args=[center.code, RENZHENG]) in html


def test_an_item_leads_to_its_times_at_the_center_seen_last(client, items, center):
    client.cookies["centers"] = center.code
    assert reverse("book_time", args=[center.code, RENZHENG]) in page(client, "item", RENZHENG)


def test_whoever_has_no_center_is_led_to_choose_one(client, items):
    assert f'href="{reverse("centers")}"' in page(client, "item", RENZHENG)


def test_a_center_of_another_county_does_not_hide_an_item(client, items, center):
    other = starter.items(center.division)[0]
    center.division.code = "990102100201"
    center.division.save()
    html = page(client, "item", other.code, center=center.code)
    assert "/book/" not in html


def test_the_current_version_is_shown(client, items, cadre):
    item = ServiceItem.objects.get(code=RENZHENG)
    catalogue.revise(item=item, by=cadre, summary="今年起在家就能刷")
    assert "今年起在家就能刷" in page(client, "item", RENZHENG)


@pytest.mark.parametrize("path", ["/items/no-such-item/", "/items/dibao/?center=1", "/items/?center=990000000000"])
def test_what_is_not_there_is_not_found(client, items, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["", "?q=%E5%85%BB%E8%80%81"])
def test_the_guide_asks_the_database_twice(client, items, center, django_assert_num_queries, query):
    client.cookies["centers"] = center.code
    with django_assert_num_queries(2):
        client.get(reverse("items") + query)
