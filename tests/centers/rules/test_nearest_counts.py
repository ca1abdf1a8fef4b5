"""The nearest division's value counts, and a day of the past keeps the one it had. Without a database."""

from datetime import date

import pytest
from django.conf import settings

from centers.rules import reading
from centers.rules.declared import rules
from centers.rules.reading import EVERYWHERE, Dated

VILLAGE, TOWNSHIP, COUNTY = "990101100201", "990101100000", "990101000000"
NEXT_COUNTY = "990102100201"
NAME = "BOOKING_HORIZON_DAYS"
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def at(code: str, on: date):
    return reading.value_and_code(NAME, code, on)


def test_the_nearest_division_with_a_value_counts():
    reading.keep({NAME: {COUNTY: [Dated(JUNE, 20)], TOWNSHIP: [Dated(JULY, 10)]}}, 60)

    assert at(VILLAGE, date(2026, 5, 31)) == (settings.BOOKING_HORIZON_DAYS, None)
    assert at(VILLAGE, date(2026, 6, 30)) == (20, COUNTY)
    assert at(VILLAGE, JULY) == (10, TOWNSHIP)
    assert at(COUNTY, JULY) == (20, COUNTY)
    assert at(NEXT_COUNTY, JULY) == (settings.BOOKING_HORIZON_DAYS, None)


def test_a_value_that_is_taken_back_leaves_that_of_the_division_above():
    reading.keep({NAME: {EVERYWHERE: [Dated(JUNE, 40)], TOWNSHIP: [Dated(JUNE, 10), Dated(JULY, None)]}}, 60)

    assert at(VILLAGE, JUNE) == (10, TOWNSHIP)
    assert at(VILLAGE, JULY) == (40, EVERYWHERE)


def test_of_changes_for_one_day_the_last_counts():
    reading.keep({NAME: {COUNTY: [Dated(JUNE, 20), Dated(JUNE, 25)]}}, 60)

    assert at(VILLAGE, JUNE) == (25, COUNTY)


@pytest.mark.parametrize("name", rules())
def test_each_rule_has_a_default_within_its_bounds_and_says_what_it_does(name):
    rule = rules()[name]
    numbers = rule.default if isinstance(rule.default, list | tuple) else [rule.default]

    assert rule.title and rule.effect and rule.stays and rule.source
    if not rule.options:
        assert all(rule.low <= number <= max(rule.high, 1) for number in numbers)
