"""Opening hours as they are typed: mistakes are refused where they are, and a page that is out of date says so."""

from datetime import time

import pytest
from django.urls import reverse

from centers.models import OpeningRule
from tests import factories

pytestmark = pytest.mark.django_db

TYPED = {
    "weekday": 0,
    "opens": "14:00",
    "closes": "17:00",
    "season_start": "",
    "season_end": "",
    "online_places": 2,
    "desk_places": 1,
    "walk_in_places": 1,
}


@pytest.fixture
def monday(center):
    """Mornings, all year."""
    factories.open_on(center, 0)
    return OpeningRule.objects.get(center=center)


def post(client, center, pk=None, **changed):
    name, args = ("duty_change_hours", [pk]) if pk else ("duty_new_hours", [])
    return client.post(f"{reverse(name, args=args)}?center={center.code}", TYPED | changed)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"opens": "09:00", "closes": "10:00"}, "重叠了"),
        ({"opens": "08:00", "closes": "18:00"}, "重叠了"),
        ({"closes": "14:20"}, "至少要有一个能约的半小时"),
        ({"opens": "14:10", "closes": "14:50"}, "至少要有一个能约的半小时"),
        ({"season_start": "02-30", "season_end": "05-01"}, "没有这一天"),
        ({"season_start": "0230", "season_end": "05-01"}, "月-日"),
        ({"online_places": 20_000}, "最多99人"),
        ({"closes": "13:00"}, "关门时间要晚于开门时间"),
    ],
)
def test_a_mistake_is_refused_with_a_sentence(signed_in, manager, monday, center, changed, said):
    answer = post(signed_in(manager), center, **changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert list(OpeningRule.objects.all()) == [monday]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"opens": "11:30", "closes": "12:00"},
        {"opens": "14:10", "closes": "15:00"},
        {"weekday": 1, "opens": "09:00", "closes": "10:00"},
        {"opens": "09:00", "closes": "10:00", "season_start": "06-01", "season_end": "08-31"},
        {"season_start": "02-29", "season_end": "02-29"},
    ],
)
def test_what_does_not_meet_is_stored(signed_in, manager, monday, center, changed):
    """Hours of a season replace those of all year."""
    assert post(signed_in(manager), center, **changed).status_code == 302
    assert OpeningRule.objects.count() == 2


@pytest.mark.parametrize(("first", "last", "number"), [("12-01", "02-01", 1), ("03-01", "05-01", 2)])
def test_seasons_meet_across_new_year(signed_in, manager, monday, center, first, last, number):
    OpeningRule.objects.update(season_start="11-01", season_end="01-15")
    post(signed_in(manager), center, opens="09:00", closes="10:00", season_start=first, season_end=last)
    assert OpeningRule.objects.count() == number


def test_what_somebody_else_has_changed_is_not_overwritten(signed_in, manager, monday, center):
    client = signed_in(manager)
    page = client.get(f"{reverse('duty_change_hours', args=[monday.pk])}?center={center.code}")
    seen = page.context["form"].initial["seen"]
    OpeningRule.objects.filter(pk=monday.pk).update(closes=time(12))
    refused = post(client, center, monday.pk, seen=seen)
    assert refused.status_code == 422 and "刚刚被别人改过" in refused.content.decode()
    assert OpeningRule.objects.get().closes == time(12)


def test_control_what_nobody_has_changed_is(signed_in, manager, monday, center):
    client = signed_in(manager)
    page = client.get(f"{reverse('duty_change_hours', args=[monday.pk])}?center={center.code}")
    answer = post(client, center, monday.pk, seen=page.context["form"].initial["seen"])
    assert answer.status_code == 302, answer.context["form"].errors
    assert OpeningRule.objects.get().closes == time(17)
