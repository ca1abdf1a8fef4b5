"""From 1 December on, the next year's holidays are asked for while the calendar does not have them."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.models import CalendarDay
from centers.services import calendar
from portal.accounts.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
SAID = "2027年的放假安排，日历里还没有"
IN_TIME = {"pending_year": None, "status": "ok"}
LATE = {"pending_year": 2027, "status": "late"}


@pytest.fixture
def on(time_machine):
    calendar.fill(date(2026, 1, 1), date(2027, 12, 31))

    def move(year: int, month: int, day: int) -> None:
        time_machine.move_to(datetime(year, month, day, 9, tzinfo=timezone.get_current_timezone()), tick=False)

    return move


@pytest.fixture
def administrator(county):
    return factories.MembershipFactory(division=county, role=Role.COUNTY).user


@pytest.mark.parametrize(
    ("day", "told"),
    [((2026, 11, 30), IN_TIME), ((2026, 12, 1), LATE), ((2026, 12, 31), LATE), ((2027, 1, 1), LATE)],
)
def test_readiness_warns_and_takes_no_server_out_of_service(client, on, day, told):
    on(*day)
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["calendar"]) == (200, told)


def test_it_warns_no_more_once_the_year_is_known(client, on):
    on(2026, 12, 1)
    CalendarDay.objects.update(is_pending=False)

    assert client.get("/readyz").json()["calendar"] == IN_TIME


@pytest.mark.parametrize(("day", "times"), [((2026, 11, 30), 0), ((2026, 12, 1), 1)])
def test_the_county_is_told_on_its_page(signed_in, administrator, on, day, times):
    on(*day)
    page = signed_in(administrator).get(reverse("oversight")).content.decode()

    assert page.count(SAID) == times
    assert ("现在没有要您过问的事" in page) is not bool(times)


def test_a_township_is_not_for_it_can_do_nothing_about_it(signed_in, officer, on):
    on(2026, 12, 1)

    assert SAID not in signed_in(officer).get(reverse("oversight")).content.decode()
