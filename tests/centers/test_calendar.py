"""The national calendar: published years are taken over, others are pending, manual edits survive."""

from datetime import date

import pytest

from centers import calendars
from centers.models import CalendarDay
from centers.services import calendar

pytestmark = pytest.mark.django_db
Kind = CalendarDay.Kind


@pytest.fixture
def year():
    calendar.fill(date(2026, 1, 1), date(2027, 12, 31))


def kind_of(day: str) -> str:
    return CalendarDay.objects.get(date=day).kind


def test_spring_festival_of_2026_is_nine_days_off(year):
    days = CalendarDay.objects.between(date(2026, 2, 15), date(2026, 2, 23))

    assert [day.kind for day in days] == [Kind.HOLIDAY] * 9
    assert {day.name for day in days} == {"春节"}


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_a_weekend_that_pays_for_a_holiday_is_a_workday(year, day):
    assert kind_of(day) == Kind.MAKE_UP_WORKDAY
    assert CalendarDay.objects.get(date=day).is_workday


def test_an_ordinary_week_is_an_ordinary_week(year):
    kinds = [kind_of(f"2026-11-{day}") for day in range(23, 30)]

    assert kinds == [Kind.WORKDAY] * 5 + [Kind.WEEKEND] * 2


def test_a_year_that_is_not_published_is_pending_with_weekdays_as_workdays(year):
    monday = CalendarDay.objects.get(date="2027-01-04")

    assert (monday.is_pending, monday.kind) == (True, Kind.WORKDAY)
    assert kind_of("2027-01-02") == Kind.WEEKEND


@pytest.mark.parametrize(("day", "name"), [("2027-01-01", "元旦"), ("2027-02-05", "春节"), ("2027-10-03", "国庆节")])
def test_its_statutory_holidays_are_holidays_and_pending_still(year, day, name):
    day = CalendarDay.objects.get(date=day)

    assert (day.kind, day.name, day.is_pending) == (Kind.HOLIDAY, name, True)


def test_pending_days_of_before_come_to_know_the_statutory_holidays(year):
    CalendarDay.objects.filter(date__year=2027).update(kind=Kind.WORKDAY, name="")

    calendar.fill(date(2027, 1, 1), date(2027, 1, 1))

    assert kind_of("2027-01-01") == Kind.HOLIDAY


def test_filling_twice_writes_nothing(year):
    assert calendar.fill(date(2026, 1, 1), date(2027, 12, 31)) == 0


def test_pending_days_are_replaced_once_the_year_is_published(year, monkeypatch):
    monkeypatch.setattr(calendar, "national_day", lambda day: (calendars.HOLIDAY, "元旦", False))

    assert calendar.fill(date(2027, 1, 1), date(2027, 1, 1)) == 1
    day = CalendarDay.objects.get(date="2027-01-01")
    assert (day.kind, day.name, day.is_pending) == (Kind.HOLIDAY, "元旦", False)


def test_a_day_that_somebody_corrected_stays(year, monkeypatch):
    CalendarDay.objects.filter(date="2027-01-01").update(kind=Kind.HOLIDAY, name="元旦", is_pending=False)
    monkeypatch.setattr(calendar, "national_day", lambda day: (calendars.WORKDAY, "", False))

    calendar.fill(date(2027, 1, 1), date(2027, 1, 1))

    assert kind_of("2027-01-01") == Kind.HOLIDAY


def test_booking_ahead_over_new_year_finds_days_in_the_calendar():
    calendar.fill_ahead(today=date(2026, 11, 22))

    assert CalendarDay.objects.between(date(2026, 12, 1), date(2027, 1, 31)).count() == 62
