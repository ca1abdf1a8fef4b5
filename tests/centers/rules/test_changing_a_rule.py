"""A county changes a rule on its page: what it touches is shown first, villagers are held to it, it can be undone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.models import RuleChange
from centers.rules.reading import value
from portal.ui.idempotency import new_key
from tests import factories
from tests.factories.appointments import at
from tests.rules import set_rule

pytestmark = pytest.mark.django_db

NAME = "BOOKING_HORIZON_DAYS"


def typed(**changed) -> dict:
    form = {"whose": "own", "value": "5", "valid_from": timezone.localdate().isoformat(), "reason": "农忙", "seen": "0"}
    return form | {"key": new_key()} | changed


def page(place) -> str:
    return f"{reverse('rule', args=[NAME])}?at={place.code}"


@pytest.fixture
def officials(signed_in, county_official):
    return signed_in(county_official)


def test_what_it_touches_is_shown_before_anything_is_stored(officials, county, center, item):
    factories.AppointmentFactory(center=center, item=item, starts_at=at(8, 9))

    shown = officials.post(page(county), typed())

    assert "管到" in shown.content.decode() and "1个中心" in shown.content.decode()
    assert "已经有1个预约约在那以后" in shown.content.decode()
    assert not RuleChange.objects.exists()


def test_agreed_it_counts_at_once_in_all_villages_below(officials, county, center):
    sent = officials.post(page(county), typed(agreed="1"))

    assert sent.status_code == 302
    assert value(NAME, center.pk) == 5
    assert "5天" in officials.get(page(county)).content.decode()


def test_a_time_beyond_the_horizon_is_refused_and_one_within_is_booked(client, county, center, item):
    factories.open_on(center, *range(7))
    near, far = (factories.SlotFactory(center=center, starts_at=at(days, 9)) for days in (4, 8))
    set_rule(NAME, 5, county)
    said = [
        client.post(
            reverse("book_who", args=[center.code, item.code, slot.pk]),
            {"name": "王秀英", "phone": "13800001234", "party_size": 1, "consent": "on", "key": new_key()},
        )
        for slot in (near, far)
    ]

    assert said[0].status_code == 302
    assert "最远能约5天以后的" in said[1].content.decode()


def test_a_township_sets_what_townships_may_and_not_what_the_county_sets(signed_in, officer, township, center):
    official = signed_in(officer)
    cutoff = reverse("rule", args=["BOOKING_CANCEL_CUTOFF_MINUTES"])

    assert official.post(page(township), typed(agreed="1")).status_code == 302
    assert official.post(f"{cutoff}?at={township.code}", typed(agreed="1")).status_code == 403
    assert official.post(page(center.division), typed(agreed="1")).status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"value": "0"}, "大于或等于"),
        ({"value": ""}, "请填写"),
        ({"valid_from": "2026-01-01"}, "过去的日子不能改"),
        ({"reason": ""}, "请填写为什么改"),
    ],
)
def test_what_cannot_be_comes_back_with_what_to_do(officials, county, changed, sentence):
    answer = officials.post(page(county), typed(agreed="1") | changed)

    assert (sentence in answer.content.decode() and "农忙" in answer.content.decode()) or "reason" in changed
    assert not RuleChange.objects.exists()


def test_of_two_who_change_it_the_second_hears_who_was_first(officials, county):
    factories.RuleChangeFactory(division=county, set_by__username="liuyun")

    late = officials.post(page(county), typed(agreed="1"))
    again = officials.post(page(county), typed(agreed="1", seen="1"))

    assert late.status_code == 409 and "刚改过这条规则" in late.content.decode()
    assert again.status_code == 302
    assert RuleChange.objects.count() == 2


def test_the_same_form_sent_twice_changes_it_once(officials, county):
    form = typed(agreed="1")

    assert [officials.post(page(county), form).status_code for _tap in range(2)] == [302, 302]
    assert RuleChange.objects.count() == 1


def test_a_change_is_undone_from_today_on(officials, county, center):
    set_rule(NAME, 20, county)
    last = set_rule(NAME, 5, county, timezone.localdate() + timedelta(days=3))
    address = f"{reverse('rule_undo', args=[last.pk])}?at={county.code}"
    asked = officials.get(address)

    assert "20天" in asked.content.decode()
    assert officials.post(address, {"seen": last.number, "key": new_key()}).status_code == 302
    assert value(NAME, center.pk, timezone.localdate() + timedelta(days=3)) == 20
    assert RuleChange.objects.count() == 3


def test_one_that_was_changed_since_is_not_undone(officials, county):
    first, _second = set_rule(NAME, 20, county), set_rule(NAME, 5, county)
    address = f"{reverse('rule_undo', args=[first.pk])}?at={county.code}"

    assert officials.post(address, {"seen": 2, "key": new_key()}).status_code == 409
    assert RuleChange.objects.count() == 2
