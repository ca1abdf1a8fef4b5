"""The demo stands in working hours whenever somebody looks."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from portal.dashboards.demo.hours import AFTERNOON, MORNING, working_moment

ZONE = ZoneInfo("Asia/Shanghai")


def at(said: str) -> datetime:
    return datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("looked", "shown"),
    [
        ("2026-11-25 09:05", "2026-11-25 09:40"),
        ("2026-11-25 10:05", "2026-11-25 10:05"),
        ("2026-11-25 16:00", "2026-11-25 16:00"),
        ("2026-11-25 03:00", "2026-11-25 09:40"),
        ("2026-11-25 12:30", "2026-11-25 13:40"),
        ("2026-11-25 23:59", "2026-11-26 09:40"),
        ("2026-11-29 10:00", "2026-11-30 09:40"),  # a Sunday
        ("2026-10-03 10:00", "2026-10-08 09:40"),  # in the middle of the National Day's week
        ("2026-10-10 10:00", "2026-10-10 10:00"),  # a Saturday that is worked for it
        ("2027-01-01 00:00", "2027-01-04 09:40"),  # of a year whose notice may be still to come
    ],
)
def test_the_demo_is_shown_at_work(looked, shown):
    assert working_moment(at(looked)) == at(shown)


def test_its_clock_never_goes_back_in_a_year():
    moments = [at("2026-01-01 00:00") + timedelta(hours=7 * number) for number in range(1250)]
    shown = [working_moment(moment) for moment in moments]

    back = [then for then, after in pairwise(shown) if after < then]
    early = [then for then, moment in zip(shown, moments, strict=True) if then < moment]
    idle = [then for then in shown if not any(begins <= then.time() < ends for begins, ends in (MORNING, AFTERNOON))]
    assert (back, early, idle) == ([], [], [])
