"""Opening periods of a day, pure."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from centers.days.opening import in_season, openings_on

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY, SATURDAY = date(2026, 12, 7), date(2026, 12, 12)


@dataclass
class Rule:
    weekday: int = 0
    opens: time = time(8, 30)
    closes: time = time(11, 30)
    season_start: str = ""
    season_end: str = ""
    online_places: int = 2
    desk_places: int = 1
    walk_in_places: int = 1


@dataclass
class Closure:
    starts_at: datetime
    ends_at: datetime


def hours(day, kind="workday", rules=(Rule(),), closures=()):
    return [
        f"{period.starts_at:%H:%M}-{period.ends_at:%H:%M}"
        for period in openings_on(day, kind, rules, closures, SHANGHAI)
    ]


def at(hour, minute=0):
    return datetime.combine(MONDAY, time(hour, minute), SHANGHAI)


def test_a_weekday_follows_its_rule():
    assert hours(MONDAY) == ["08:30-11:30"]


def test_a_day_without_a_rule_is_closed():
    assert hours(SATURDAY) == []


def test_a_statutory_holiday_is_closed():
    assert hours(MONDAY, "holiday") == []


def test_a_make_up_saturday_runs_as_a_monday():
    assert hours(SATURDAY, "make_up") == ["08:30-11:30"]


def test_two_periods_come_in_order():
    assert hours(MONDAY, rules=[Rule(opens=time(14), closes=time(17)), Rule()]) == ["08:30-11:30", "14:00-17:00"]


def test_a_seasonal_rule_replaces_the_rule_of_all_year():
    winter = Rule(opens=time(9), closes=time(11), season_start="11-01", season_end="02-28")
    assert hours(MONDAY, rules=[Rule(), winter]) == ["09:00-11:00"]


def test_out_of_season_the_rule_of_all_year_stands():
    summer = Rule(opens=time(7), season_start="06-01", season_end="09-30")
    assert hours(MONDAY, rules=[Rule(), summer]) == ["08:30-11:30"]


def test_a_season_runs_over_new_year():
    assert [in_season(date(2027, month, 15), "11-01", "02-28") for month in (1, 3, 11)] == [True, False, True]


def test_a_closure_cuts_a_piece_out():
    assert hours(MONDAY, closures=[Closure(at(9), at(10))]) == ["08:30-09:00", "10:00-11:30"]


def test_a_closure_over_the_whole_period_leaves_nothing():
    assert hours(MONDAY, closures=[Closure(at(0), at(23))]) == []


def test_a_closure_on_another_part_of_the_day_changes_nothing():
    assert hours(MONDAY, closures=[Closure(at(14), at(17))]) == ["08:30-11:30"]
