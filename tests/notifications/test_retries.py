"""F10: exponential back-off with jitter, pure."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notifications import retries

chances = st.floats(min_value=0, max_value=1)


@pytest.mark.parametrize(("tries", "seconds"), [(1, 15), (2, 30), (3, 60), (7, 960), (8, 1800), (48, 1800)])
def test_each_pause_is_twice_as_long_up_to_half_an_hour(tries, seconds):
    assert retries.delay(tries, chance=0) == timedelta(seconds=seconds)


@given(tries=st.integers(1, 10_000), chance=chances)
def test_chance_takes_up_to_half_of_it_away(tries, chance):
    full = retries.delay(tries, 0)
    assert full / 2 <= retries.delay(tries, chance) <= full


def test_what_the_provider_asks_for_is_granted():
    assert retries.delay(1, chance=1, at_least=120) == timedelta(minutes=2)


def test_but_not_a_whole_day():
    assert retries.delay(1, chance=1, at_least=86_400) == retries.LONGEST


def test_what_has_no_end_of_its_own_is_given_up_after_many_tries():
    assert [retries.is_over(tries, None) for tries in (47, 48)] == [False, True]


def test_what_has_one_is_tried_until_then():
    assert not retries.is_over(1000, datetime(2026, 12, 3))


def test_six_hours_without_a_provider_are_survived():
    waited = sum((retries.delay(tries, chance=1) for tries in range(1, retries.MAX_TRIES)), timedelta())
    assert waited > timedelta(hours=6)
