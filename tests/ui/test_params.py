"""What stands in an address: typed by anybody."""

from datetime import date

import pytest

from portal.ui import params


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("0", 0), ("9" * 18, 10**18 - 1)])
def test_digits_are_a_number(text, number):
    assert params.number(text) == number


@pytest.mark.parametrize("text", [None, "", " 12", "-1", "1.5", "1e3", "0x10", "１２", "²", "9" * 19, "9" * 10_000])
def test_anything_else_is_none(text):
    assert params.number(text) is None


@pytest.mark.parametrize("text", ["2000-01-01", "2026-12-01", "2100-12-31"])
def test_a_day_of_our_time_is_one(text):
    assert params.day(text) == date.fromisoformat(text)


@pytest.mark.parametrize("text", [None, "", "2026-13-01", "2026-02-30", "1999-12-31", "9999-12-31", "tomorrow"])
def test_any_other_day_is_none(text):
    assert params.day(text) is None
