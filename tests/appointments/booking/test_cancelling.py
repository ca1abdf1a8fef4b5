import pytest
import time_machine

from appointments.booking import services as booking
from appointments.desk import attendance
from appointments.models import Appointment, Place
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(slot, item, resident):
    return book(slot, item, resident)


def test_a_cancelled_booking_keeps_its_row_and_gives_its_place_back(appointment, slot):
    booking.cancel(appointment=appointment)
    assert Appointment.objects.get().cancelled_by == "villager"
    assert taken(slot) == (0, 0)


def test_cancelling_twice_gives_the_place_back_once(appointment, slot, item):
    book(slot, item, factories.ResidentFactory())
    booking.cancel(appointment=appointment)
    booking.cancel(appointment=appointment)
    assert taken(slot) == (1, 0)


def test_the_released_place_keeps_its_row(appointment):
    booking.cancel(appointment=appointment)
    assert Place.objects.get().released_at is not None


def test_what_spoke_of_it_as_ahead_is_withdrawn(appointment):
    booking.cancel(appointment=appointment)
    assert set(Message.objects.filter(kind="confirmed").values_list("state", flat=True)) == {"withdrawn"}


def test_the_person_can_book_the_same_time_again(appointment, slot, item, resident):
    booking.cancel(appointment=appointment)
    book(slot, item, resident)
    assert taken(slot) == (1, 0)


def test_before_the_cutoff_it_is_not_late(appointment):
    assert not booking.cancel(appointment=appointment).is_late_cancellation


def test_after_the_cutoff_it_counts_as_late(appointment):
    with time_machine.travel(at(3, 8)):
        assert booking.cancel(appointment=appointment).is_late_cancellation


def test_the_center_cancelling_is_never_the_villagers_lateness(appointment):
    with time_machine.travel(at(3, 8)):
        cancelled = booking.cancel(appointment=appointment, by_center=True, reason="停电")
    assert (cancelled.is_late_cancellation, cancelled.cancelled_by) == (False, "center")


def test_a_villager_cannot_cancel_once_it_has_begun(appointment):
    with time_machine.travel(at(3, 9, 1)), pytest.raises(RuleBroken) as refusal:
        booking.cancel(appointment=appointment)
    assert refusal.value.code == "not_changeable"


def test_a_missed_appointment_is_not_cancelled_until_the_mark_is_taken_back(appointment, cadre):
    with time_machine.travel(appointment.ends_at):
        attendance.miss(appointment=appointment, by=cadre)
        with pytest.raises(RuleBroken) as refusal:
            booking.cancel(appointment=appointment, by_center=True, by=cadre)
    assert refusal.value.code == "not_changeable"
