"""Market days (赶集) by the lunar month, the solar month and the week."""

from datetime import date

import pytest

from centers.calendars import LUNAR, SOLAR, WEEK, market_days
from centers.models import MarketDay
from centers.services.calendar import precompute_market_days
from tests import factories

DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 22)


def in_december(calendar: str, digits: list[int]) -> list[int]:
    return [day.day for day in market_days(calendar, digits, *DECEMBER)]


def test_lunar_threes_and_eights():
    assert in_december(LUNAR, [3, 8]) == [1, 6, 11, 16, 21, 26, 31]


def test_solar_ones_fours_and_sevens():
    assert in_december(SOLAR, [1, 4, 7]) == [1, 4, 7, 11, 14, 17, 21, 24, 27, 31]


def test_zero_is_the_tenth_the_twentieth_and_the_thirtieth():
    assert in_december(SOLAR, [0]) == [10, 20, 30]
    # 初十 and 二十 of the lunar tenth and eleventh month; both months have 29 or 30 days
    assert in_december(LUNAR, [0]) == [8, 18, 28]


def test_weekdays_are_counted_from_monday():
    assert in_december(WEEK, [7]) == [6, 13, 20, 27]


@pytest.mark.django_db
def test_a_rule_is_precomputed_400_days_ahead():
    rule = factories.MarketRuleFactory(digits="3,8")

    assert precompute_market_days(today=TODAY) > 75
    assert rule.days.filter(date__range=DECEMBER).count() == 7
    assert max(rule.days.values_list("date", flat=True)) <= date(2027, 12, 27)


@pytest.mark.django_db
def test_precomputing_again_adds_nothing():
    factories.MarketRuleFactory()
    precompute_market_days(today=TODAY)

    assert precompute_market_days(today=TODAY) == 0


@pytest.mark.django_db
def test_a_changed_rule_moves_the_days_ahead_and_leaves_the_past():
    rule = factories.MarketRuleFactory(digits="3,8")
    past = factories.MarketDayFactory(rule=rule, date=date(2026, 11, 12))
    precompute_market_days(today=TODAY)
    rule.digits = "1,6"
    rule.save()

    precompute_market_days([rule], today=TODAY)

    assert MarketDay.objects.filter(pk=past.pk).exists()
    assert not rule.days.filter(date="2026-12-06").exists()
    assert rule.days.filter(date="2026-12-04").exists()
