"""开通中心: many villages at once, what is made is shown first, and what nobody has used is taken back."""

import pytest
from django.urls import reverse

from centers.models import Center, CenterDay, OpeningRule
from portal.dashboards.opening import centers as opening
from tests import factories

pytestmark = pytest.mark.django_db
NEW, UNUSED = "/manage/opening/centers/", "/manage/opening/centers/unused/"


@pytest.fixture
def villages(township):
    return [
        factories.DivisionFactory(code=f"99010110021{number}", name=f"新{number}村村民委员会") for number in range(3)
    ]


@pytest.fixture
def elsewhere(other_township):
    return factories.DivisionFactory(code="990101101219", name="石坡村村民委员会")


def keys(rows) -> list[int]:
    return [row.pk for row in rows]


def test_what_is_ticked_is_shown_first_and_then_made_with_its_hours(signed_in, officer, villages, township):
    factories.DefaultHoursFactory(division=township, weekdays="06", afternoon_opens=None, afternoon_closes=None)
    client, chosen = signed_in(officer), {"village": keys(villages[:2])}

    shown = client.post(NEW, chosen)
    assert "新0村党群服务中心" in shown.content.decode() and not Center.objects.exists()
    client.post(NEW, chosen | {"agreed": "1"})

    made = Center.objects.order_by("division__code")
    assert [center.name for center in made] == ["新0村党群服务中心", "新1村党群服务中心"]
    assert {rule.weekday for rule in OpeningRule.objects.filter(center=made[0])} == {0, 6}
    assert CenterDay.objects.filter(center=made[0]).exists() and made[0].slots.exists()


def test_a_village_of_another_township_is_not_opened(signed_in, officer, villages, elsewhere):
    refused = signed_in(officer).post(NEW, {"village": [elsewhere.pk], "agreed": "1"})

    assert refused.status_code == 422 and not Center.objects.exists()


def test_two_who_open_the_same_village_open_one_center(signed_in, officer, villages):
    client = signed_in(officer)
    for _tap in range(2):
        client.post(NEW, {"village": keys(villages), "agreed": "1"})

    assert Center.objects.count() == 3


def test_of_a_stale_page_what_is_left_is_opened(signed_in, officer, villages):
    factories.CenterFactory(division=villages[0])

    signed_in(officer).post(NEW, {"village": keys(villages), "agreed": "1"})

    assert Center.objects.count() == 3


def test_what_nobody_has_used_is_taken_back_and_the_rest_stays(signed_in, officer, villages):
    made = opening.open_for(villages=villages, by=officer)
    factories.StaffFactory(center=made[0])

    answer = signed_in(officer).post(UNUSED, {"center": keys(made)}, follow=True)

    assert list(Center.objects.all()) == made[:1]
    assert answer.redirect_chain == [(reverse("opening"), 302)]


def test_a_center_that_is_booked_while_somebody_takes_it_back_stays(officer, villages, item, monkeypatch):
    """The list is older than the booking: what points at the center protects it."""
    (center,) = opening.open_for(villages=villages[:1], by=officer)
    slot = center.slots.first()
    factories.HoldFactory(slot=slot)

    assert opening.take_back(centers=[center], by=officer).kept == [center.name]
    assert Center.objects.filter(pk=center.pk).exists()


def test_a_center_made_elsewhere_gets_the_stored_default(county, village, django_capture_on_commit_callbacks):
    factories.DefaultHoursFactory(division=county)
    with django_capture_on_commit_callbacks(execute=True):
        center = factories.CenterFactory(division=village)
        other = factories.CenterFactory(division__code="990101100299")
        factories.OpeningRuleFactory(center=other)

    assert [center.opening_rules.count(), other.opening_rules.count()] == [10, 1]
