"""A change that another process has stored counts after a few seconds, and slots reach as far as the new horizon."""

import pytest
from django.utils import timezone

from appointments.slots import making
from appointments.slots.models import Slot
from centers.days.keeping import keep_one
from centers.rules import reading
from tests import factories
from tests.rules import set_rule

pytestmark = pytest.mark.django_db
NAME = "BOOKING_HORIZON_DAYS"


def test_a_change_of_another_process_counts_within_three_seconds(county, center, monkeypatch):
    clock = 100.0
    monkeypatch.setattr("centers.rules.reading.time.monotonic", lambda: clock)
    reading.forget()
    before = reading.value(NAME, center.pk)
    factories.RuleChangeFactory(division=county, value=20)

    assert reading.value(NAME, center.pk) == before
    clock += reading.KEPT_SECONDS
    assert reading.value(NAME, center.pk) == 20


def test_a_longer_horizon_gets_its_slots_from_the_next_run(county, center):
    factories.open_on(center, *range(7))
    keep_one(center)
    making.make_ahead()
    set_rule(NAME, 40, county)
    making.reach_further()
    last = Slot.objects.filter(center=center).order_by("starts_at").last()

    assert (timezone.localdate(last.starts_at) - timezone.localdate()).days == 40
