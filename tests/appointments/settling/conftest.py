"""A center that is open every day from 8:30 to 11:30, with two people booked three days ahead at nine."""

import pytest

from appointments.booking.models import Appointment
from appointments.models import Slot
from centers.models import ClosureNotice
from centers.services import closures
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at


@pytest.fixture
def open_daily(center):
    factories.open_on(center, *range(7))
    return center


@pytest.fixture
def slot(open_daily):
    return Slot.objects.get(center=open_daily, starts_at=at(3, 9))


@pytest.fixture
def booked(slot, item, resident) -> Appointment:
    return book(slot, item, resident)


@pytest.fixture
def closure(open_daily, manager) -> ClosureNotice:
    """Asked for: the whole day of the booking, for the harvest."""
    return closures.request(center=open_daily, starts_at=at(3, 0), ends_at=at(4, 0), reason="farming", by=manager)


@pytest.fixture
def closed(closure, booked, officer) -> ClosureNotice:
    return closures.approve(closure=closure, by=officer)
