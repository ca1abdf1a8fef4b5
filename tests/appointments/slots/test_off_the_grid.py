"""A booking off the grid's half hours, from before an opening time changed: the steps that it overlaps offer fewer."""

import pytest

from appointments.booking import services as booking
from appointments.models import Slot
from appointments.slots import making
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def off_grid(center, item, resident):
    """Booked at 9:10, in a center that is open from 8:30."""
    factories.open_on(center, *range(7))
    booked = book(factories.SlotFactory(center=center, starts_at=at(3, 9, 10)), item, resident)
    making.make_between([center], at(3, 9).date(), at(3, 9).date())
    return booked


def places() -> list[int]:
    """Online places at 8:30, 9:00, 9:30 and 10:00."""
    ahead = Slot.objects.open().filter(starts_at__gte=at(3, 8, 30), starts_at__lte=at(3, 10)).order_by("starts_at")
    return list(ahead.values_list("online_places", flat=True))


def test_each_step_that_it_overlaps_offers_one_place_fewer(off_grid):
    assert places() == [2, 1, 1, 2]
    assert Slot.objects.get(starts_at=at(3, 9, 10)).closed_at


@pytest.mark.parametrize("to", [None, at(3, 10)])
def test_cancelled_or_moved_they_offer_it_again_at_once(off_grid, to, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        if to:
            booking.move(appointment=off_grid, slot=Slot.objects.get(starts_at=to))
        else:
            booking.cancel(appointment=off_grid)
    assert places() == [2, 2, 2, 2]
