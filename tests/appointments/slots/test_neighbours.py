"""An alternative at a neighbour is one that can be had there: its own item, its own duration, its own township."""

import pytest

from appointments.booking import services as booking
from appointments.models import ServiceItem
from appointments.slots import availability
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
TOWNSHIP = "990101100000"
TIMES = [at(3, 9), at(3, 9, 30), at(3, 10)]


@pytest.fixture
def full(center):
    return factories.SlotFactory(center=center, starts_at=at(3, 9), online_taken=2)


@pytest.fixture
def neighbour(center):
    return center_at("990101100202")


def center_at(code: str):
    return factories.CenterFactory(division=factories.DivisionFactory(code=code, name=f"演示{code}"))


def offered(full, item) -> list:
    return [center for center, _start in availability.alternatives(full, item).neighbours]


def of_their_own(item, center, minutes: int) -> ServiceItem:
    return factories.ServiceItemFactory(code=item.code, division=center.division, minutes=minutes)


def test_who_handles_it_and_has_room_is_offered(full, item, neighbour):
    factories.SlotFactory(center=neighbour, starts_at=at(3, 9))

    assert offered(full, item) == [neighbour]


def test_who_does_not_handle_it_is_not(full, item, neighbour, center):
    factories.SlotFactory(center=neighbour, starts_at=at(3, 9))
    ServiceItem.objects.filter(pk=item.pk).update(division=center.division)

    assert offered(full, item) == []


@pytest.mark.parametrize(("slots", "is_offered"), [(1, False), (3, True)])
def test_it_takes_as_long_as_it_takes_there(full, item, neighbour, slots, is_offered):
    theirs = of_their_own(item, neighbour, 90)
    made = [factories.SlotFactory(center=neighbour, starts_at=time) for time in TIMES[:slots]]

    assert offered(full, item) == [neighbour] * is_offered
    if is_offered:
        someone = factories.ResidentFactory(division=neighbour.division)
        booked = booking.book(slot=made[0], item=theirs, resident=someone, channel="online", key="0" * 32)
        assert booked.ends_at == at(3, 10, 30)


def test_of_a_long_item_here_a_short_one_there_needs_one_place(full, item, center, neighbour):
    ours = of_their_own(item, center, 90)
    factories.SlotFactory(center=neighbour, starts_at=at(3, 9))

    assert offered(full, ours) == [neighbour]


def test_a_townships_center_offers_its_own_villages(item, neighbour):
    ours = center_at(TOWNSHIP)
    full = factories.SlotFactory(center=ours, starts_at=at(3, 9), online_taken=2)
    for other in (neighbour, center_at("990101101201")):
        factories.SlotFactory(center=other, starts_at=at(3, 9))

    assert offered(full, item) == [neighbour]


@pytest.mark.parametrize("code", ["990101000000", "990000000000"])
def test_above_a_township_nobody_is_near(item, neighbour, code):
    full = factories.SlotFactory(center=center_at(code), starts_at=at(3, 9), online_taken=2)
    factories.SlotFactory(center=neighbour, starts_at=at(3, 9))

    assert offered(full, item) == []


def test_it_costs_the_same_with_many_neighbours(full, item, django_assert_num_queries):
    for number in range(20):
        factories.SlotFactory(center=center_at(f"990101100{300 + number}"), starts_at=at(3, 9))
    availability.alternatives(full, item)

    with django_assert_num_queries(12):  # the own center's times, where it is, who is open, and three of each of three
        assert len(offered(full, item)) == 3
