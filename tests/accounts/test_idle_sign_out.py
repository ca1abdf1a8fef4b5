import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.accounts.conftest import sign_in, signed_in

PAGE = "/accounts/sessions/"


@pytest.fixture
def clock(time_machine):
    """Moves the clock to so many minutes after nine."""

    def minutes(number: int) -> None:
        time_machine.move_to(1_772_413_200 + number * 60, tick=False)

    minutes(0)
    return minutes


@pytest.fixture(autouse=True)
def liu_holds_a_role(settings, nobody_holds_a_role):
    settings.STAFF_PREDICATE = "tests.accounts.sender.only_liu"


def test_staff_are_signed_out_after_half_an_hour_without_a_click(client, official, clock):
    sign_in(client, "liu")
    clock(31)
    response = client.get(PAGE)
    assert response["Location"] == f"/accounts/login/?next={PAGE}"
    assert not signed_in(client)


def test_staff_who_keep_working_stay_signed_in(client, official, clock):
    sign_in(client, "liu")
    for minute in (20, 40, 60, 80):
        clock(minute)
        assert client.get(PAGE).status_code == 200


def test_a_villager_stays_signed_in_for_days(client, villager, clock):
    sign_in(client, "zhang")
    clock(13 * 24 * 60)
    assert client.get(PAGE).status_code == 200


def test_a_villager_is_signed_out_after_two_weeks(client, villager, clock):
    sign_in(client, "zhang")
    clock(14 * 24 * 60 + 1)
    assert client.get(PAGE).status_code == 302


def test_a_click_within_a_minute_writes_nothing(client, official, clock):
    sign_in(client, "liu")
    with CaptureQueriesContext(connection) as queries:
        client.get("/accounts/logout/")
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_a_fragment_leads_the_whole_page_to_sign_in(client, official, clock):
    sign_in(client, "liu")
    clock(31)
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/desk/"}
    assert client.get(PAGE, headers=headers)["HX-Redirect"] == "/accounts/login/?next=/desk/"


def test_whoever_is_signed_in_by_another_door_is_held_to_it_too(client, official, clock):
    client.force_login(official)
    clock(31)
    assert client.get(PAGE).status_code == 302
