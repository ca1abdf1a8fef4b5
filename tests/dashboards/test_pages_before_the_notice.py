"""A page that reaches into a year without its notice of holidays says so, once."""

from datetime import date, datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.slots import making
from centers.models import CalendarDay
from centers.services import calendar
from tests import factories
from tests.appointments.villager import queries_of

pytestmark = pytest.mark.django_db
SAID = "2027年的放假安排还没公布"


@pytest.fixture
def on(time_machine, center):
    """`on(day)`: in the morning of that day, with slots for the days ahead."""
    calendar.fill(date(2026, 1, 1), date(2027, 12, 31))
    factories.open_on(center, *range(5), opens=time(9), closes=time(10))

    def move(day: date) -> None:
        time_machine.move_to(datetime.combine(day, time(8), timezone.get_current_timezone()), tick=False)
        factories.arrange(center)
        making.make_ahead()

    return move


@pytest.fixture
def center_page(client, center):
    return lambda: client.get(reverse("center", args=[center.code])).content.decode()


@pytest.fixture
def when(client, center, item):
    return lambda: client.get(reverse("book_time", args=[center.code, item.code])).content.decode()


@pytest.fixture
def desk_when(signed_in, cadre, resident, item):
    return lambda: signed_in(cadre).get(reverse("desk_book_time", args=[resident.pk, item.code])).content.decode()


@pytest.fixture
def roster(signed_in, manager, center):
    def page(month: str) -> str:
        return signed_in(manager).get(reverse("duty"), {"center": center.code, "month": month}).content.decode()

    return page


# Fourteen days from the 19th end on New Year's Day, which is known; from the 20th, on the day after it.
@pytest.mark.parametrize(("day", "times"), [(19, 0), (20, 1), (31, 1)])
def test_the_times_to_book(on, when, day, times):
    on(date(2026, 12, day))
    assert when().count(SAID) == times


def test_the_times_to_book_at_the_desk(on, desk_when):
    on(date(2026, 12, 19))
    assert SAID not in desk_when()
    on(date(2026, 12, 20))
    assert desk_when().count(SAID) == 1


@pytest.mark.parametrize(("day", "times"), [(26, 0), (27, 1), (31, 1)])
def test_the_week_of_a_center(on, center_page, day, times):
    on(date(2026, 12, day))
    assert center_page().count(SAID) == times


def test_new_years_day_is_named_there(on, center_page):
    on(date(2026, 12, 26))
    assert "元旦" in center_page()


def test_the_month_of_a_roster(on, roster):
    on(date(2026, 12, 1))
    assert SAID not in roster("2026-12")
    assert roster("2027-01").count(SAID) == 1


def test_nothing_is_said_once_the_notice_is_out(on, when, center_page, roster):
    CalendarDay.objects.update(is_pending=False)
    on(date(2026, 12, 31))

    assert SAID not in when() + center_page() + roster("2027-01")


@pytest.mark.parametrize("name", ["center", "book_time"])
def test_it_costs_no_query(on, client, center, item, name):
    url = reverse(name, args=[center.code] if name == "center" else [center.code, item.code])
    on(date(2026, 12, 1))
    before = queries_of(client, url)
    on(date(2026, 12, 31))
    assert queries_of(client, url) == before
