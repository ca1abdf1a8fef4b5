"""What stands in an address: typed by anybody."""

from datetime import UTC, date, datetime

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


@pytest.mark.parametrize("value", [1, 2**63 - 1])
def test_a_key_of_a_row_is_one(value):
    assert params.pk(value) == value


@pytest.mark.parametrize("value", [0, -1, 2**63, 1.0, True, "1", None, [1], float("nan")])
def test_any_other_key_is_none(value):
    assert params.pk(value) is None


def test_a_moment_is_told_in_milliseconds():
    assert params.moment(1_796_083_200_000) == datetime(2026, 12, 1, tzinfo=UTC)
    assert params.moment(0) == datetime(1970, 1, 1, tzinfo=UTC)  # a computer that has lost its clock


@pytest.mark.parametrize(
    "value", [-1, 1e17, 1e20, 1e23, 1e308, 9 * 10**400, 253402300799999, float("nan"), float("inf"), True, "1", None]
)
def test_any_other_moment_is_none(value):
    assert params.moment(value) is None
