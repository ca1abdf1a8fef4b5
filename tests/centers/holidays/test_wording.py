"""The State Council's own words are read as what they mean."""

from datetime import date

import pytest

from centers.calendars import HOLIDAY, HOLIDAY_NAMES, MAKE_UP_WORKDAY, WEEKEND, WORKDAY, Day, days_between, national_day
from centers.holidays import wording
from centers.holidays.drafts import draft_of
from centers.holidays.entries import bounds
from tests.centers.holidays.notices import AROUND, NOTICES, OF_2026, OF_2027


def calendar_by(text: str, year: int) -> dict[date, Day]:
    """A calendar that knew of weekdays only, after the notice."""
    days = {day: Day(WEEKEND if day.weekday() >= 5 else WORKDAY, "", True) for day in days_between(*bounds(year))}
    reading = wording.read(text, year)
    assert reading.problems == []
    changes = draft_of(year, reading, days, date(2000, 1, 1)).changes
    return days | {change.date: change.after for change in changes}


def sentences(text: str, year: int = 2027) -> list[tuple[str, str, bool, tuple[str, ...]]]:
    entries = wording.read(text, year).entries
    return [(f"{one.first:%m-%d}", f"{one.last:%m-%d}", one.is_off, one.names) for one in entries]


@pytest.mark.parametrize("year", NOTICES)
def test_each_notice_gives_the_days_that_the_library_knows(year):
    """A holiday's weekend days have its name in the library also where the notice does not speak of them."""
    after = calendar_by(NOTICES[year], year)
    differ = {
        day: (known, after[day])
        for day in days_between(date(year, 1, 1), date(year, 12, 31))
        if (known := national_day(day)) != after[day] and not (day.weekday() >= 5 and after[day].kind == WEEKEND)
    }

    assert differ == {}
    assert all(national_day(day).kind == HOLIDAY for day in days_between(*bounds(year)) if after[day].kind == HOLIDAY)


@pytest.mark.parametrize("year", NOTICES)
def test_none_of_them_is_complained_of_for_what_it_says(year):
    warnings = wording.read(NOTICES[year], year).warnings

    assert [sentence for sentence in warnings if "除夕" not in sentence] == []


def test_what_is_only_encouraged_is_no_holiday_and_is_pointed_out():
    reading = wording.read(NOTICES[2024], 2024)

    assert len(reading.warnings) == 1 and "除夕(2月9日)休息" in reading.warnings[0]
    assert not any(entry.first == date(2024, 2, 9) for entry in reading.entries)


def test_festivals_have_the_names_of_the_calendar():
    assert set(wording.FESTIVALS.values()) <= set(HOLIDAY_NAMES.values())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("元旦：1月1日放假1天。", [("01-01", "01-01", True, ("元旦",))]),
        ("元旦：１月１日（周五）至３日放假。", [("01-01", "01-03", True, ("元旦",))]),
        ("元旦:1月1日-3日放假;1月9日上班", [("01-01", "01-03", True, ("元旦",)), ("01-09", "01-09", False, ("元旦",))]),
        ("国庆节 10 月 1 至 7 日 放假", [("10-01", "10-07", True, ("国庆节",))]),
        ("国庆节放假7天：10月1日到10月7日。", [("10-01", "10-07", True, ("国庆节",))]),
        (
            "元旦放假：1月1日至3日，上班：1月9日、10日",
            [
                ("01-01", "01-03", True, ("元旦",)),
                ("01-09", "01-09", False, ("元旦",)),
                ("01-10", "01-10", False, ("元旦",)),
            ],
        ),
        (
            "元旦放假安排：1月1日至3日放假，1月9日上班",
            [("01-01", "01-03", True, ("元旦",)), ("01-09", "01-09", False, ("元旦",))],
        ),
        ("劳动节：4月30日至5月4日放假。", [("04-30", "05-04", True, ("劳动节",))]),
        ("元旦：12月31日至1月2日放假。", [("12-31", "01-02", True, ("元旦",))]),
        ("元旦：2026年12月31日至1月2日放假。", [("12-31", "01-02", True, ("元旦",))]),
        (
            "清明节：4月5日放假，4月6日（星期二）补休。",
            [("04-05", "04-05", True, ("清明",)), ("04-06", "04-06", True, ("清明",))],
        ),
        (
            "1. 春节：2月5日至11日放假。1月30日、31日上班",
            [
                ("02-05", "02-11", True, ("春节",)),
                ("01-30", "01-30", False, ("春节",)),
                ("01-31", "01-31", False, ("春节",)),
            ],
        ),
        ("（一）五一劳动节：5月1日至5日放假", [("05-01", "05-05", True, ("劳动节",))]),
        ("2027年5月1日至4日放假。", [("05-01", "05-04", True, ("劳动节",))]),
        ("抗战胜利纪念日：9月3日放假", [("09-03", "09-03", True, ("抗战胜利纪念日",))]),
        ("元旦：1月1日放假，1月4日不放假。", [("01-01", "01-01", True, ("元旦",))]),
    ],
)
def test_one_sentence(text, read):
    assert sentences(text) == read


@pytest.mark.parametrize("ending", ["\n", "\r\n", "", " "])
def test_lines_may_be_broken_anywhere_or_missing(ending):
    text = OF_2027.replace("\n", ending).replace("放假调休", "放假调\n休" if ending == "\n" else "放假调休")

    assert sentences(text) == sentences(OF_2027)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("元旦：1月1日（周四）放假。", "1月1日 周五旁边写的是周四"),
        ("国庆节：10月1日至7日放假，共8天。", "写的是8天，按日期算是7天"),
    ],
)
def test_what_does_not_fit_together_is_pointed_out(text, said):
    reading = wording.read(text, 2027)

    assert reading.problems == [] and said in reading.warnings[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有看到哪天放假"),
        ("今天天气很好，大家好好工作。", "没有看到哪天放假"),
        ("元旦：2月30日放假。", "日历上没有"),
        ("元旦：0月1日放假。", "日历上没有"),
        ("元旦：1日至3日放假。", "没有写月份"),
        ("国庆节：10月7日至1日放假。", "前后颠倒"),
        ("国庆节：1月1日至12月31日放假。", "太长了"),
        ("元旦：9999年1月1日放假。", "不是2027年的日子"),
        ("元旦：0000年1月1日放假。", "日历上没有"),
        ("元旦：9999年12月31日（周日）放假。", "不是2027年的日子"),
        ("元旦：9999年12月31日至1月2日放假。", "前后颠倒"),
        ("元旦：0001年12月31日至1月2日放假。", "前后颠倒"),
        ("元旦放假：1月1日至3日，1月9日上班。", "看不准"),
        ("元旦：1月2日放假。1月2日上班。", "又说放假，又说上班"),
        ("延长2027年春节假期至2月15日，2月16日起正常上班。", "填表"),
        ("关于2026年部分节假日安排的通知\n元旦：1月1日放假。", "写的是2026年，您选的是2027年"),
        ("经国务院批准，现将 2026 年元旦放假安排通知如下。元旦：1月1日放假。", "写的是2026年"),
        ("某某某某某某某某某某某某某某某某某某某某纪念日：9月3日放假。", "最多20个字"),
        ("3月3日上班。", "哪个节日"),
        ("。".join(f"元旦：1月{number % 28 + 1}日放假" for number in range(101)), "最多100条"),
    ],
)
def test_what_cannot_be_entered_says_why(text, said):
    problems = wording.read(text, 2027).problems

    assert problems and said in problems[0]


def test_what_stands_around_the_paragraphs_is_no_matter():
    assert sentences(AROUND.format(OF_2026), 2026) == sentences(OF_2026, 2026)


def test_a_make_up_day_is_only_one_on_a_weekend():
    after = calendar_by("元旦：1月1日至3日放假。1月9日、1月13日上班。", 2027)

    assert after[date(2027, 1, 9)] == Day(MAKE_UP_WORKDAY, "元旦", False)
    assert after[date(2027, 1, 13)] == Day(WORKDAY, "", False)
