"""Error pages say what happened, what is unchanged and what to do, and link home."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from portal.ui.views import server_error


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429", "500"])
def test_it_leads_home_even_without_a_request(code):
    page = render_to_string(f"{code}.html")
    assert 'href="/"' in page
    assert "您可以这样做" in page


def test_an_unknown_address_is_told_in_words(client, db, settings):
    settings.DEBUG = False
    response = client.get("/没有/")
    assert response.status_code == 404
    assert "没有找到这一页" in response.content.decode()


def test_a_stale_form_is_told_what_was_kept(db):
    response = Client(enforce_csrf_checks=True).post("/bookings/", {"code": "123456"})
    assert "按手机的返回键" in response.content.decode()


def test_a_fault_of_ours_asks_nothing_of_the_database():
    # No db fixture: a query would fail the test.
    request = RequestFactory().get("/", headers={"cookie": "look=elder"})
    response = server_error(request)
    assert response.status_code == 500
    assert 'data-look="elder"' in response.content.decode()


def test_the_demo_is_marked(client, db, settings):
    settings.DEMO = True
    assert "演示数据" in client.get("/styleguide/").content.decode()


def test_staff_are_led_to_their_work_and_villagers_home(client, signed_in, cadre, villager):
    def words(of) -> str:
        return of.get("/nowhere/").content.decode()

    staff, person, stranger = words(signed_in(cadre)), words(signed_in(villager)), words(client)

    assert "回工作台" in staff and "查我的预约" not in staff
    assert all("回首页" in page and "查我的预约" in page for page in (person, stranger))
