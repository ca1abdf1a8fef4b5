"""Formatting of times, codes, phones and names for pages and messages. Pure.

Formats are translatable sentences, so that the English interface has its own order of parts.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache, wraps
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.ui import numbers

MIDNIGHT = time(0)
WEEKDAYS = [
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
]


# A page says hundreds of times, and a visitor's page the same as the one before: each is formatted once.
REMEMBERED = 10_000


def once(function: Callable[[Any], str]) -> Callable[[Any], str]:
    """Decorator: remembers what a value is called in each language."""
    said = lru_cache(REMEMBERED, typed=True)(lambda language, value: function(value))

    @wraps(function)
    def say(value: Any) -> str:
        return said(get_language(), value)

    return say


def once_a_day(function: Callable[..., str]) -> Callable[..., str]:
    """Decorator: as `once`, of what depends on today, too."""
    said = lru_cache(REMEMBERED, typed=True)(lambda language, value, today: function(value, today))

    @wraps(function)
    def say(value: Any, today: date | None = None) -> str:
        return said(get_language(), value, today or timezone.localdate())

    return say


def weekday(value: date) -> str:
    """周三"""
    return str(WEEKDAYS[value.weekday()])


@once_a_day
def plain_day(value: date | datetime, today: date | None = None) -> str:
    """12月3日 周三; with the year when it is not this year's."""
    value, today = _local_date(value), today or timezone.localdate()
    parts = {"year": value.year, "month": value.month, "day": value.day, "weekday": weekday(value)}
    if value.year == today.year:
        return _("%(month)s月%(day)s日 %(weekday)s") % parts
    return _("%(year)s年%(month)s月%(day)s日 %(weekday)s") % parts


@once_a_day
def day(value: date | datetime, today: date | None = None) -> str:
    """Like plain_day, with 今天, 明天 or 后天 in front when near: 明天 12月3日 周三."""
    value, today = _local_date(value), today or timezone.localdate()
    near = {0: _("今天"), 1: _("明天"), 2: _("后天"), -1: _("昨天")}.get((value - today).days)
    said = plain_day(value, today)
    return _("%(near)s %(day)s") % {"near": near, "day": said} if near else said


def part_of_day(hour: int) -> str:
    if hour < 6:
        return _("凌晨")
    if hour < 12:
        return _("上午")
    if hour == 12:
        return _("中午")
    if hour < 18:
        return _("下午")
    return _("晚上")


@once
def clock(value: datetime) -> str:
    """上午9:00, 下午2:30: twelve-hour clock. Takes a datetime or a time."""
    value = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    hour = value.hour if value.hour <= 12 else value.hour - 12
    parts = {"part": part_of_day(value.hour), "hour": hour, "minute": f"{value.minute:02d}"}
    return _("%(part)s%(hour)s:%(minute)s") % parts


@once
def short_clock(value: datetime) -> str:
    """9:00, 2:30: under a heading that already says 上午 or 下午."""
    hour = _local(value).hour if isinstance(value, datetime) else value.hour
    return clock(value).removeprefix(part_of_day(hour))


@once
def short_day(value: date | datetime) -> str:
    """12月3日"""
    value = _local_date(value)
    return _("%(month)s月%(day)s日") % {"month": value.month, "day": value.day}


@once_a_day
def near_day(value: date | datetime, today: date | None = None) -> str:
    """今天, 明天, 后天, else 周三."""
    value, today = _local_date(value), today or timezone.localdate()
    return {0: _("今天"), 1: _("明天"), 2: _("后天")}.get((value - today).days) or weekday(value)


@once_a_day
def moment(value: datetime, today: date | None = None) -> str:
    """12月3日 周三 上午9:00"""
    return f"{plain_day(value, today)} {clock(value)}"


def span(start: datetime, end: datetime, today: date | None = None) -> str:
    """12月3日 周三 上午9:00–9:30; the end has its own 上午 or 下午 where it differs. Midnight ends the day before."""
    first, last = clock(start), clock(end)
    start, end = _local(start), _local(end)
    if end.time() == MIDNIGHT and start < end:
        return _until_midnight(start, end - timedelta(days=1), today)
    if start.date() != end.date():
        return f"{moment(start, today)}–{moment(end, today)}"
    if part_of_day(start.hour) == part_of_day(end.hour):
        last = last.removeprefix(part_of_day(end.hour))
    return f"{plain_day(start, today)} {first}–{last}"


def _until_midnight(start: datetime, last: datetime, today: date | None) -> str:
    days = {"first": plain_day(start, today), "last": plain_day(last, today), "time": clock(start)}
    if start.date() == last.date():
        return _("%(first)s 全天") % days if start.time() == MIDNIGHT else _("%(first)s %(time)s到这天结束") % days
    if start.time() == MIDNIGHT:
        return _("%(first)s到%(last)s，全天") % days
    return _("%(first)s %(time)s到%(last)s这天结束") % days


def ago(value: datetime, now: datetime | None = None) -> str:
    """刚刚, 5分钟前, 3小时前, then the day."""
    passed = (now or timezone.now()) - value
    if passed < timedelta(minutes=1):
        return _("刚刚")
    if passed < timedelta(hours=1):
        return _("%(number)s分钟前") % {"number": int(passed.total_seconds() // 60)}
    if passed < timedelta(hours=12):
        return _("%(number)s小时前") % {"number": int(passed.total_seconds() // 3600)}
    return moment(value)


@once
def places_left(number: int) -> str:
    """还剩2个"""
    return _("还剩%(left)s个") % {"left": number}


def levels() -> list[tuple[int, str]]:
    """The five rating levels of GB/T 39735, best first."""
    return [(5, _("非常满意")), (4, _("满意")), (3, _("基本满意")), (2, _("不满意")), (1, _("非常不满意"))]


def code(value: str | int) -> str:
    """482 913: six digits in two groups; anything else unchanged."""
    value = str(value)
    return f"{value[:3]} {value[3:]}" if re.fullmatch(r"[0-9A-Z]{6}", value) else value


def phone(value: str) -> str:
    """138 0000 5678 and 0571-8888 6666; anything else unchanged."""
    digits = tel(value)
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    landline = numbers.area(digits)
    if landline:
        area, number = landline
        return f"{area}-{number[:-4]} {number[-4:]}"
    return str(value)


def tel(value: str) -> str:
    """For tel: links: digits only, with a leading plus for foreign numbers."""
    number = numbers.canonical(str(value))
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", number))
    return f"+{digits}" if number.startswith("+") else digits


def digits(typed: str) -> str:
    """A code, a number or a part of a phone as it was typed into a search; "" where it holds a letter and is a name."""
    dialled = tel(typed)
    return dialled if dialled.isdecimal() and not any(character.isalpha() for character in typed) else ""


def masked_phone(value: str) -> str:
    """138****5678"""
    digits = tel(value)
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"


def masked_name(value: str) -> str:
    """张*兰, 张*: the first and last character.

    A name of any greater length shows two stars, 阿**江, so that its length is not disclosed.
    """
    value = str(value).strip()
    if len(value) <= 1:
        return "*" * len(value)
    if len(value) == 2:
        return f"{value[0]}*"
    return f"{value[0]}{'*' * min(len(value) - 2, 2)}{value[-1]}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _local_date(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value
