"""Formatting of times, codes, phones and names."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from portal.ui import words

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2025, 12, 2)


def at(hour, minute=0, day=3):
    return datetime(2025, 12, day, hour, minute, tzinfo=SHANGHAI)


def test_a_moment_has_day_weekday_and_time():
    assert words.moment(at(9), TODAY) == "12月3日 周三 上午9:00"


def test_a_moment_is_said_in_the_centers_own_time():
    assert words.moment(datetime(2025, 12, 2, 17, 30, tzinfo=UTC), TODAY) == "12月3日 周三 凌晨1:30"


def test_another_years_day_names_the_year():
    assert words.plain_day(date(2026, 1, 5), TODAY) == "2026年1月5日 周一"


@pytest.mark.parametrize(
    ("day", "said"),
    [(2, "今天 12月2日 周二"), (3, "明天 12月3日 周三"), (4, "后天 12月4日 周四"), (5, "12月5日 周五")],
)
def test_near_days_are_called_by_their_nearness(day, said):
    assert words.day(date(2025, 12, day), TODAY) == said


@pytest.mark.parametrize(
    ("hour", "said"),
    [(0, "凌晨0:05"), (6, "上午6:05"), (11, "上午11:05"), (12, "中午12:05"), (13, "下午1:05"), (18, "晚上6:05")],
)
def test_a_clock_time_names_its_part_of_the_day(hour, said):
    assert words.clock(at(hour, 5)) == said
    assert words.clock(time(hour, 5)) == said


def test_a_span_says_the_part_of_the_day_once():
    assert words.span(at(9), at(9, 30), TODAY) == "12月3日 周三 上午9:00–9:30"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (at(0), at(0, day=4), "12月3日 周三 全天"),
        (at(14), at(0, day=4), "12月3日 周三 下午2:00到这天结束"),
        (at(0), at(0, day=5), "12月3日 周三到12月4日 周四，全天"),
        (at(14), at(0, day=5), "12月3日 周三 下午2:00到12月4日 周四这天结束"),
    ],
)
def test_a_span_that_ends_at_midnight_ends_the_day_before(start, end, said):
    assert words.span(start, end, TODAY) == said


def test_a_span_over_noon_says_both_parts():
    assert words.span(at(11), at(14), TODAY) == "12月3日 周三 上午11:00–下午2:00"


def test_a_time_under_its_heading_leaves_the_part_out():
    assert words.short_clock(at(14, 30)) == "2:30"
    assert words.short_clock(time(14, 30)) == "2:30"


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "刚刚"), (5, "5分钟前"), (130, "2小时前"), (60 * 24, "12月2日 周二 上午9:00")]
)
def test_what_just_happened_is_said_by_its_distance(minutes, said):
    now = at(9)
    assert words.ago(now - timedelta(minutes=minutes), now).removeprefix("2025年") == said


@pytest.mark.parametrize(("raw", "said"), [("482913", "482 913"), (482913, "482 913"), ("48291", "48291")])
def test_a_code_is_said_in_threes(raw, said):
    assert words.code(raw) == said


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("13800005678", "138 0000 5678"),
        ("+86 138-0000-5678", "138 0000 5678"),
        ("057188886666", "0571-8888 6666"),
        ("01088886666", "010-8888 6666"),
        ("05718886666", "0571-888 6666"),
        ("12345", "12345"),
    ],
)
def test_a_phone_is_said_in_groups(raw, said):
    assert words.phone(raw) == said


def test_a_phone_dials_digits_only():
    assert words.tel("0571-8888 6666") == "057188886666"
    assert words.tel("１３８ ００００ ５６７８") == "13800005678"


def test_a_masked_phone_keeps_its_ends():
    assert words.masked_phone("13800005678") == "138****5678"
    assert words.masked_phone("12345") == "*****"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张秀兰", "张*兰"),
        ("李明", "李*"),
        ("王", "*"),
        ("欧阳建国", "欧**国"),
        ("阿依古丽·吐尔逊", "阿**逊"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_its_ends(name, masked):
    assert words.masked_name(name) == masked


@pytest.mark.parametrize(
    "name", ["moment", "day", "clock", "code", "phone", "tel", "masked_phone", "masked_name", "ago"]
)
def test_filters_say_nothing_about_nothing(name):
    template = Template("{% load ui %}{{ value|" + name + " }}")
    assert template.render(Context({"value": None})) == ""
