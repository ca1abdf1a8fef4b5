"""Months, represented by their first day. Pure."""

from datetime import date, timedelta


def starts(day: date) -> date:
    return day.replace(day=1)


def ends(day: date) -> date:
    return following(day) - timedelta(days=1)


def following(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def days_of(month: date) -> list[date]:
    first = starts(month)
    return [first + timedelta(days=number) for number in range((ends(month) - first).days + 1)]
