"""The days that are holidays by law in every year, before and after its notice."""

from datetime import date, timedelta

import pytest

from centers.calendars import HOLIDAY, national_day, statutory_holidays

# Checked against almanacs.
OF_2027 = {
    date(2027, 1, 1): "元旦",
    date(2027, 2, 5): "春节",  # 除夕
    date(2027, 2, 6): "春节",
    date(2027, 2, 7): "春节",
    date(2027, 2, 8): "春节",
    date(2027, 4, 5): "清明",
    date(2027, 5, 1): "劳动节",
    date(2027, 5, 2): "劳动节",
    date(2027, 6, 9): "端午",
    date(2027, 9, 15): "中秋",
    date(2027, 10, 1): "国庆节",
    date(2027, 10, 2): "国庆节",
    date(2027, 10, 3): "国庆节",
}
AHEAD = range(2027, 2036)


def days_of(year: int, name: str) -> list[date]:
    return [day for day, named in statutory_holidays(year).items() if named == name]


def test_those_of_2027():
    assert statutory_holidays(2027) == OF_2027


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_published_notice_has_each_of_them_by_the_same_name(year):
    by_law = statutory_holidays(year).items()

    assert [national_day(day) for day, _name in by_law] == [(HOLIDAY, name, False) for _day, name in by_law]


@pytest.mark.parametrize("year", AHEAD)
def test_a_year_has_thirteen_or_two_of_them_on_one_day(year):
    assert len(statutory_holidays(year)) == (12 if year in (2028, 2031) else 13)


@pytest.mark.parametrize("year", AHEAD)
def test_festivals_of_the_moon_fall_into_their_season(year):
    spring, dragon_boat = days_of(year, "春节"), days_of(year, "端午")

    assert date(year, 1, 20) <= spring[0] <= date(year, 2, 19)
    assert spring[-1] - spring[0] == timedelta(days=3)
    assert date(year, 5, 27) <= dragon_boat[0] <= date(year, 6, 25)
    assert days_of(year, "清明")[0] in (date(year, 4, 4), date(year, 4, 5))
    assert all(date(year, 9, 7) <= day <= date(year, 10, 8) for day in days_of(year, "中秋"))


def test_where_two_fall_on_one_day_it_is_the_national_day():
    assert statutory_holidays(2028)[date(2028, 10, 3)] == "国庆节"
    assert statutory_holidays(2031)[date(2031, 10, 1)] == "国庆节"
