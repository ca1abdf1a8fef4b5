"""Times to book follow a notice that is typed in, and follow it back when it is undone."""

from datetime import date, datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.slots import availability
from centers.models import HolidayNotice
from tests import factories
from tests.centers.holidays.conftest import confirmation

THURSDAY, SATURDAY = date(2026, 12, 31), date(2027, 1, 9)
TEXT = "元旦：2026年12月31日（周四）至2027年1月3日（周日）放假调休。1月9日（周六）上班。"


@pytest.fixture
def times(november, center, item, time_machine):
    """`times(day)`: how many can be booked, with opening hours from Monday to Friday."""
    time_machine.move_to(datetime(2026, 12, 20, 9, tzinfo=timezone.get_current_timezone()), tick=False)
    factories.open_on(center, *range(5), opens=time(9), closes=time(10))
    return lambda day: len(availability.starts_on(center, item, day))


@pytest.fixture
def official_client(times, signed_in, county_official):
    return signed_in(county_official)


@pytest.fixture
def entered(official_client, django_capture_on_commit_callbacks):
    page = official_client.post(reverse("holidays_new"), {"year": 2027, "notice": TEXT})
    with django_capture_on_commit_callbacks(execute=True):
        official_client.post(reverse("holidays_enter"), confirmation(page))
    return HolidayNotice.objects.get()


def test_control_without_it_they_follow_the_weekday(times):
    assert (times(THURSDAY), times(SATURDAY)) == (2, 0)


def test_a_day_off_closes_and_a_make_up_workday_opens(times, entered):
    assert (times(THURSDAY), times(SATURDAY)) == (0, 2)


def test_undone_they_are_as_before(times, entered, official_client, django_capture_on_commit_callbacks):
    url = reverse("holidays_undo", args=[entered.pk])
    with django_capture_on_commit_callbacks(execute=True):
        official_client.post(url, {"seen": official_client.get(url).context["form"]["seen"].value()})

    assert (times(THURSDAY), times(SATURDAY)) == (2, 0)


def test_no_page_says_any_more_that_the_notice_is_awaited(times, entered, client, center, item):
    page = client.get(reverse("book_time", args=[center.code, item.code])).content.decode()

    assert "放假安排还没公布" not in page
