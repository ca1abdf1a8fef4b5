"""One week for many centers: who is touched is shown before it is saved, and defaults change no center."""

import pytest

from centers.models import DefaultHours, OpeningRule
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
MANY, DEFAULT = "/manage/opening/hours/", "/manage/opening/hours/default/"
WEEK = {
    "weekdays": ["0", "2"],
    "morning_opens": "08:00",
    "morning_closes": "11:00",
    "afternoon_opens": "",
    "afternoon_closes": "",
    "evening_opens": "",
    "evening_closes": "",
    "online_places": "3",
    "desk_places": "1",
    "walk_in_places": "1",
}


def rules_of(center) -> list[tuple]:
    return list(OpeningRule.objects.filter(center=center).order_by("weekday").values_list("weekday", "online_places"))


def agree(client, page, sent):
    """What the asking page sends: all that was sent, and what it has shown."""
    return client.post(MANY, sent | {"sure": page.context["shown"], "tell": "call"}, follow=True)


def test_many_centers_change_their_week_once_somebody_has_agreed(signed_in, officer, center, township):
    second = factories.CenterFactory(division__code="990101100298")
    factories.OpeningRuleFactory(center=center, weekday=6, season_start="06-01", season_end="09-30")
    client, sent = signed_in(officer), WEEK | {"center": [center.pk, second.pk]}

    page = client.post(MANY, sent)
    assert rules_of(second) == [] and "周一、周三 8:00–11:00" in page.content.decode()
    agree(client, page, sent)

    assert rules_of(center) == rules_of(second) == [(0, 3), (2, 3)]


def test_whom_it_touches_is_named_first(signed_in, officer, center, item, resident):
    factories.open_on(center, *range(7))
    book(center.slots.get(starts_at=at(3, 9)), item, resident)
    other_day = str((at(3, 9).weekday() + 1) % 7)

    page = signed_in(officer).post(MANY, WEEK | {"center": [center.pk], "weekdays": [other_day]})

    assert page.context["number"] == 1 and len(rules_of(center)) == 7


def test_a_center_of_another_township_is_not_changed(signed_in, officer, center, other_center):
    refused = signed_in(officer).post(MANY, WEEK | {"center": [other_center.pk]})

    assert refused.status_code == 422 and rules_of(other_center) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"morning_closes": ""}, "一起填"),
        ({"morning_closes": "07:00"}, "晚于开门时间"),
        ({"morning_closes": "08:10"}, "半小时"),
        ({"afternoon_opens": "10:00", "afternoon_closes": "12:00"}, "前面一段"),
        ({"morning_opens": "", "morning_closes": ""}, "至少填一段"),
        ({"online_places": "500"}, "多打了"),
        ({"weekdays": []}, "哪几天开门"),
    ],
)
def test_a_week_that_cannot_be_is_refused_with_a_sentence(signed_in, officer, center, typed, said):
    page = signed_in(officer).post(DEFAULT, WEEK | typed)

    assert page.status_code == 422 and said in page.content.decode()
    assert not DefaultHours.objects.exists()


def test_a_default_is_stored_for_ones_own_division_and_changes_no_center(signed_in, officer, center, township):
    signed_in(officer).post(DEFAULT, WEEK)

    stored = DefaultHours.objects.get()
    assert (stored.division, stored.words, stored.changed_by) == (township, "周一、周三 8:00–11:00", officer)
    assert rules_of(center) == []


def test_of_two_who_change_the_default_the_second_is_told(signed_in, officer, township):
    """Both have opened the page before either saves."""
    for typed, status in (("3", 302), ("4", 409)):
        assert signed_in(officer).post(DEFAULT, WEEK | {"online_places": typed, "seen": ""}).status_code == status

    assert DefaultHours.objects.get().online_places == 3
