"""Queries that are built once and asked again with other values."""

from datetime import UTC, datetime, timedelta

import pytest

from appointments.models import Slot
from centers.models import Center
from portal.prepared import Prepared
from tests import factories

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture
def slots(center):
    return [factories.SlotFactory(center=center, starts_at=MORNING + timedelta(hours=hour)) for hour in range(3)]


def test_it_answers_each_time_for_the_values_given(slots):
    after = Prepared(
        lambda start: Slot.objects.filter(starts_at__gt=start).order_by("pk").values_list("pk", "starts_at")
    )

    assert after(start=MORNING) == [(slot.pk, slot.starts_at) for slot in slots[1:]]
    assert after(start=slots[1].starts_at) == [(slots[2].pk, slots[2].starts_at)]


def test_it_makes_instances_with_what_was_selected_along(center, django_assert_num_queries):
    by_code = Prepared(lambda code: Center.objects.select_related("division").filter(division__code=code))

    with django_assert_num_queries(1):
        assert [(found, found.division.name) for found in by_code(code=center.code)] == [(center, center.division.name)]
    assert by_code(code="990101100999") == []


def test_the_same_value_twice_is_put_in_twice(slots, center):
    within = Prepared(
        lambda pk, start: Slot.objects.filter(center=pk, pk__gt=0, starts_at=start).values_list("center", "pk")
    )

    assert within(pk=center.pk, start=MORNING) == [(center.pk, slots[0].pk)]
    assert within(pk=center.pk + 1, start=MORNING) == []


def test_a_lookup_that_changes_a_value_is_refused_when_it_is_built(center):
    starting = Prepared(lambda words: Center.objects.filter(name__startswith=words))

    with pytest.raises(ValueError, match="words"):
        starting(words="柳湾")
