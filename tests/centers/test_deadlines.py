"""Deadlines with the real calendar of 2026, and across a year whose holidays are not published yet."""

from datetime import date

import pytest

from centers import deadlines
from centers.calendars import national_day

SPRING, MAKE_UP = [date(2026, 2, day) for day in range(15, 24)], [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]


def is_workday(day: date) -> bool:
    return national_day(day)[0] in ("workday", "make_up")


def is_published(day: date) -> bool:
    return not national_day(day)[2]


def test_the_calendar_of_2026_is_the_one_that_was_published():
    assert not any(map(is_workday, SPRING))
    assert all(is_workday(date(2026, month, day)) for month, day in MAKE_UP)


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # Friday; the Saturday is worked for the holidays
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # over Spring Festival
        (date(2026, 2, 14), 3, date(2026, 2, 26)),
        (date(2026, 2, 26), 2, date(2026, 2, 28)),  # a Saturday again
        (date(2026, 2, 27), 2, date(2026, 3, 2)),
        (date(2026, 1, 2), 1, date(2026, 1, 4)),  # a Sunday
        (date(2026, 5, 8), 1, date(2026, 5, 9)),
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 10, 9), 1, date(2026, 10, 10)),
        (date(2026, 11, 25), 3, date(2026, 11, 30)),
        (date(2026, 11, 25), 0, date(2026, 11, 25)),
    ],
)
def test_workdays_are_counted_by_the_real_calendar(start, number, due):
    assert deadlines.add_workdays(start, number, is_workday) == due
    assert deadlines.workdays_between(start, due, is_workday) == number


def test_twenty_workdays_over_spring_festival_take_a_month_and_more():
    assert deadlines.due(date(2026, 2, 2), "workdays", 20, is_workday) == date(2026, 3, 6)


def test_a_case_of_today_is_due_today_where_it_is_done_at_once():
    assert deadlines.due(date(2026, 2, 15), "instant", None, is_workday) == date(2026, 2, 15)


def test_natural_days_that_end_in_the_holidays_end_after_them():
    assert deadlines.due(date(2026, 2, 5), "days", 10, is_workday) == date(2026, 2, 24)
    assert deadlines.due(date(2026, 3, 2), "days", 10, is_workday) == date(2026, 3, 12)


@pytest.mark.parametrize("kind", ["yearly", "external", "none"])
def test_other_limits_have_no_day(kind):
    assert deadlines.due(date(2026, 3, 2), kind, None, is_workday) is None


def test_days_left_go_below_nothing_once_the_day_is_over():
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert deadlines.days_left(friday, "workdays", friday, is_workday) == 0
    assert deadlines.days_left(friday, "workdays", monday, is_workday) == -1
    assert deadlines.days_left(monday, "workdays", friday, is_workday) == 1
    assert deadlines.days_left(monday, "days", friday, is_workday) == 3


def test_a_pause_over_spring_festival_moves_the_day_by_its_workdays_only():
    stopped, resumed = date(2026, 2, 13), date(2026, 2, 25)  # 14, 24 and 25 were worked
    assert deadlines.shifted(date(2026, 2, 27), "workdays", stopped, resumed, is_workday) == date(2026, 3, 3)


def test_a_clock_that_goes_on_is_as_far_from_its_day_as_when_it_stopped():
    stopped, resumed, due = date(2026, 2, 10), date(2026, 3, 2), date(2026, 2, 25)
    later = deadlines.shifted(due, "workdays", stopped, resumed, is_workday)
    before = deadlines.days_left(due, "workdays", stopped, is_workday)
    assert deadlines.days_left(later, "workdays", resumed, is_workday) == before


def test_a_pause_within_one_day_moves_nothing():
    day = date(2026, 3, 2)
    assert deadlines.shifted(date(2026, 3, 6), "workdays", day, day, is_workday) == date(2026, 3, 6)


def test_natural_days_are_moved_by_natural_days():
    moved = deadlines.shifted(date(2026, 3, 10), "days", date(2026, 3, 2), date(2026, 3, 5), is_workday)
    assert moved == date(2026, 3, 13)


def test_a_day_in_the_unknown_new_year_is_counted_by_weekdays_and_marked():
    due = deadlines.due(date(2026, 12, 28), "workdays", 5, is_workday)
    assert due == date(2027, 1, 5)  # 29, 30, 31 December, then Monday and Tuesday: 1 January is off by law
    assert deadlines.is_provisional(date(2026, 12, 28), due, is_published)


def test_the_last_day_of_the_known_year_is_no_guess():
    due = deadlines.due(date(2026, 12, 28), "workdays", 3, is_workday)
    assert due == date(2026, 12, 31)
    assert not deadlines.is_provisional(date(2026, 12, 28), due, is_published)
    assert not deadlines.is_provisional(date(2026, 12, 28), None, is_published)
