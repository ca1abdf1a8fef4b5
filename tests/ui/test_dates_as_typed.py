"""A date is read in every way that people type it, wherever one is typed."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from centers.admin.base import MomentField
from centers.holidays import rows
from centers.management.commands.import_divisions import day as command_day
from portal.ui import dates, params
from portal.ui.forms import DayField

DAY = date(2026, 12, 3)
TYPED = [
    "2026-12-03",
    "2026.12.03",
    "2026.12.3",
    "2026/12/3",
    "2026年12月3日",
    "2026年12月3号",
    "2026 年 12 月 3 日",
    "2026。12。3",
    "２０２６－１２－０３",
    "２０２６．１２．３",
    "20261203",
    "2026–12–03",
    " 2026-12-03 ",
    "2026年12月3日（周四）",
    "2026-12-03 星期四",
]
NO_DATES = ["", "明天", "2026-13-01", "2026-02-30", "26-12-03", "12月3日", "2026-12", "2026.12.3.1", "9" * 500, "２"]


@pytest.mark.parametrize("typed", TYPED)
def test_it_is_read(typed):
    assert dates.read(typed) == DAY
    assert params.day(typed) == DAY
    assert DayField().clean(typed) == DAY
    assert command_day(typed) == DAY


@pytest.mark.parametrize("typed", NO_DATES)
def test_anything_else_is_no_date(typed):
    assert dates.read(typed) is None
    with pytest.raises(forms.ValidationError):
        DayField().clean(typed)


@pytest.mark.parametrize(
    "typed", ["0226-12-03", "0001-01-01", "1949-09-30", "2101-01-01", "9999年12月31日", "00011201"]
)
def test_a_year_that_nothing_is_of_is_none_and_it_says_so(typed):
    assert (dates.read(typed), dates.read_month(typed[:7]), params.day(typed)) == (None, None, None)
    with pytest.raises(forms.ValidationError, match="请看看年份"):
        DayField().clean(typed)


@pytest.mark.parametrize(("days", "is_taken"), [(-10, True), (10, True), (-11, False), (11, False)])
def test_a_day_is_within_what_it_is_for(days, is_taken):
    day = timezone.localdate() + timedelta(days=days)
    with nullcontext() if is_taken else pytest.raises(forms.ValidationError, match="请看看年份"):
        assert DayField(within=10).clean(day.isoformat()) == day


@pytest.mark.parametrize("typed", ["12月3日", "12月3号", "12.3", "12/3", "12-3", "12 月 3 日（周四）", *TYPED])
def test_in_a_notice_the_year_may_be_left_out(typed):
    reading = rows.read(f"{typed.replace(' ', '')}  放假 元旦", 2026)
    assert [entry.first for entry in reading.entries] == [DAY]


@pytest.mark.parametrize("typed", ["2026-12", "2026.12", "2026/12", "2026年12月", "２０２６年１２月"])
def test_so_is_a_month(typed):
    assert params.month(typed) == date(2026, 12, 1)


@pytest.mark.parametrize("typed", [None, "", "2026-13", "12", "十二月", "2026-12-03"])
def test_any_other_month_is_none(typed):
    assert params.month(typed) is None


def test_a_refused_form_shows_the_date_as_a_browser_takes_it():
    class Asked(forms.Form):
        day = DayField()

    assert 'value="2026-12-03"' in str(Asked({"day": "2026年12月3日"})["day"])
    assert 'value="明天"' in str(Asked({"day": "明天"})["day"])


def below(kind: type) -> set[type]:
    return {one for child in kind.__subclasses__() for one in {child, *below(child)}}


def test_every_form_takes_dates_as_they_are_typed():
    assert get_resolver().url_patterns  # imports all views, and so all forms
    fields = [
        (form.__name__, name, field)
        for form in below(forms.BaseForm)
        if form.__module__.startswith(("portal.", "centers.", "appointments.", "assessments."))
        and "admin" not in form.__module__  # see below
        for name, field in getattr(form, "base_fields", {}).items()
    ]
    typed = [(form, name) for form, name, field in fields if isinstance(field, DayField)]
    assert len(typed) >= 8
    strict = forms.DateField | forms.DateTimeField | forms.SplitDateTimeField
    assert [one[:2] for one in fields if isinstance(one[2], strict) and not isinstance(one[2], DayField)] == []


@pytest.mark.django_db
def test_so_does_every_form_of_the_admin(admin_user):
    request = RequestFactory().get("/")
    request.user = admin_user
    strict, seen = [], 0
    for model, pages in admin.site._registry.items():
        if not (pages.has_add_permission(request) or pages.has_change_permission(request)):
            continue
        form = pages.get_form(request)
        for name, field in form.base_fields.items():
            if isinstance(field, forms.DateField | forms.SplitDateTimeField):
                seen += 1
                if not isinstance(field, DayField | MomentField):
                    strict.append((model.__name__, name))
    assert seen >= 3
    assert strict == []


@pytest.mark.django_db
def test_the_api_too(client, slot, item):
    path = reverse("api:slots", args=[slot.center.code])
    asked = {"item": item.code, "days": 1}
    answers = [
        client.get(path, asked | {"from": typed}).json() for typed in ("2026-12-03", "2026.12.3", "2026年12月3日")
    ]
    assert answers[0] == answers[1] == answers[2]
    assert isinstance(answers[0], list)
    assert client.get(path, asked | {"from": "明天"}).status_code == 422


@pytest.mark.django_db
def test_and_every_address_with_a_day(signed_in, manager, center):
    client = signed_in(manager)
    for typed in ("2026.12.23", "2026年12月23日"):
        assert client.get(reverse("desk"), {"day": typed}).context["day"] == date(2026, 12, 23)
    assert client.get(reverse("duty"), {"month": "2027年1月"}).context["month"] == date(2027, 1, 1)
