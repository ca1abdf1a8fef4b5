from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.slots import availability
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return timezone.localdate() + timedelta(days=1)


def levels(center, item, first):
    return [offer.level for offer in offers(center, item, first, 3)]


def offers(center, item, first, count):
    found = availability.by_day(center, item, first, count)
    return [availability.availability_of(day, starts) for day, starts in found.starts.items()]


def test_a_day_is_closed_has_few_or_plenty(center, item, first):
    factories.SlotFactory(center=center, starts_at=at(2, 9), online_places=3)
    factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=4)
    assert levels(center, item, first) == ["closed", "few", "plenty"]


def test_a_full_day_has_none(center, item, first):
    factories.SlotFactory(center=center, starts_at=at(1, 9), online_taken=2)
    assert levels(center, item, first)[0] == "none"


def test_days_cost_one_query(center, item, first, django_assert_num_queries):
    for number in range(1, 10):
        factories.SlotFactory(center=center, starts_at=at(number, 9))
    with django_assert_num_queries(1):
        availability.by_day(center, item, first, 14)


def test_times_already_past_are_left_out(center, item):
    factories.SlotFactory(center=center, starts_at=timezone.now() - timedelta(minutes=5))
    later = factories.SlotFactory(center=center, starts_at=timezone.now() + timedelta(hours=2))
    found = offers(center, item, timezone.localdate(), 2)
    assert sum(offer.offered for offer in found) == 1, later


def test_the_public_does_not_see_the_desks_pool(center, item, first):
    factories.SlotFactory(center=center, starts_at=at(1, 9), online_places=0, desk_places=2)
    assert [start.free for start in availability.starts_on(center, item, first)] == [0]


def test_the_desk_sees_it(center, item, first):
    factories.SlotFactory(center=center, starts_at=at(1, 9), online_places=0, desk_places=2)
    found = availability.starts_on(center, item, first, free_of=availability.with_desk)
    assert [start.free for start in found] == [2]


def test_the_nearest_free_times_of_the_center_come_first(center, item):
    full = factories.SlotFactory(center=center, starts_at=at(3, 9), online_taken=2)
    times = [at(3, 9, 30), at(3, 10), at(4, 9), at(9, 9)]
    made = [factories.SlotFactory(center=center, starts_at=time) for time in times]
    offered = availability.alternatives(full, item).same_center
    assert [start.slot for start in offered] == [slot.pk for slot in made[:3]]


def test_a_neighbour_is_offered_at_the_same_time(center, item):
    full = factories.SlotFactory(center=center, starts_at=at(3, 9), online_taken=2)
    neighbour = factories.CenterFactory(division__code="990101100202", division__name="河口村村民委员会")
    factories.SlotFactory(center=neighbour, starts_at=at(3, 9))
    assert [other for other, _start in availability.alternatives(full, item).neighbours] == [neighbour]


def test_a_neighbour_that_is_full_or_in_another_township_is_not(center, item, other_center):
    full = factories.SlotFactory(center=center, starts_at=at(3, 9), online_taken=2)
    neighbour = factories.CenterFactory(division__code="990101100202", division__name="河口村村民委员会")
    factories.SlotFactory(center=neighbour, starts_at=at(3, 9), online_taken=2)
    factories.SlotFactory(center=other_center, starts_at=at(3, 9))
    assert availability.alternatives(full, item).neighbours == []


def test_alternatives_have_room_for_the_whole_party(center, item):
    full = factories.SlotFactory(center=center, starts_at=at(3, 9))
    factories.SlotFactory(center=center, starts_at=at(3, 10), online_taken=1)
    roomy = factories.SlotFactory(center=center, starts_at=at(3, 11))
    full.online_taken = 2
    full.save()
    assert [start.slot for start in availability.alternatives(full, item, size=2).same_center] == [roomy.pk]


def test_a_person_who_books_takes_one_from_what_is_seen(center, item, first, resident):
    slot = factories.SlotFactory(center=center, starts_at=at(1, 9))
    book(slot, item, resident)
    assert [start.free for start in availability.starts_on(center, item, first)] == [1]
