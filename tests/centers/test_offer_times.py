"""Expiry of offers: minutes by day, the morning after quiet hours, never too late to come."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from centers.offer_times import offer_ends

ZONE = ZoneInfo("Asia/Shanghai")
QUIET = (time(20, 30), time(8))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-12-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "starts", "ends"),
    [
        ("03T10:00", "05T09:00", "03T10:30"),
        ("03T10:00", "03T10:50", "03T10:20"),  # half an hour before it begins nobody can be asked any more
        ("03T10:00", "03T10:34", None),
        ("03T10:00", "03T10:35", "03T10:05"),
        ("03T20:29", "05T09:00", "03T20:59"),
        ("03T22:00", "05T09:00", "04T09:30"),  # the SMS goes out at eight, and old people read it by nine
        ("04T07:00", "05T09:00", "04T09:30"),
        ("03T22:00", "04T09:30", "04T09:00"),
        ("03T22:00", "04T08:30", None),  # nobody would read it in time
    ],
)
def test_an_offer_ends(now, starts, ends):
    found = offer_ends(moment(now), moment(starts), minutes=30, lead=timedelta(minutes=30), quiet=QUIET)
    assert found == (moment(ends) if ends else None)


def test_without_quiet_hours_the_night_is_as_the_day():
    ends = offer_ends(moment("03T23:00"), moment("05T09:00"), minutes=30, lead=timedelta(0), quiet=(time(0), time(0)))
    assert ends == moment("03T23:30")
