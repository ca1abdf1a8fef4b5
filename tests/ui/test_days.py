"""Local midnight and ranges of days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.ui import days

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 12, 1)


def test_a_day_begins_with_the_local_midnight():
    assert days.midnight(DAY) == datetime(2026, 12, 1, tzinfo=SHANGHAI)


def test_a_span_holds_its_last_day():
    assert days.span(DAY, date(2026, 12, 3)) == (days.midnight(DAY), days.midnight(date(2026, 12, 4)))


def test_a_day_ends_where_the_next_one_begins():
    assert days.of_day(DAY)[1] == days.of_day(DAY + timedelta(days=1))[0]


def test_a_day_in_which_clocks_change_has_its_own_length():
    with timezone.override("Europe/Berlin"):
        start, end = days.of_day(date(2026, 10, 25))
    assert end.timestamp() - start.timestamp() == 25 * 3600
