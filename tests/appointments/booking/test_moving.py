import pytest

from appointments.booking import services as booking
from appointments.models import Appointment
from appointments.slots.capacity import SlotFull
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(slot, item, resident):
    return book(slot, item, resident)


@pytest.fixture
def later(center):
    return factories.SlotFactory(center=center, starts_at=at(4, 10))


def test_moving_takes_the_new_place_and_gives_the_old_one_back(appointment, slot, later):
    booking.move(appointment=appointment, slot=later)
    assert (taken(slot), taken(later)) == ((0, 0), (1, 0))


def test_the_code_stays_the_same(appointment, later):
    assert booking.move(appointment=appointment, slot=later).code == appointment.code


def test_a_full_time_leaves_the_first_place_as_it_was(appointment, slot, later, item):
    for _number in range(2):
        book(later, item, factories.ResidentFactory())
    with pytest.raises(SlotFull):
        booking.move(appointment=appointment, slot=later)
    assert taken(slot) == (1, 0)
    assert Appointment.objects.get(pk=appointment.pk).starts_at == slot.starts_at


def test_moving_to_its_own_time_changes_nothing(appointment, slot):
    assert booking.move(appointment=appointment, slot=slot).move_count == 0


def test_a_long_booking_moves_by_half_an_hour_into_its_own_second_slot(center, item, resident):
    item.minutes = 60
    item.save()
    first, second, third = (
        factories.SlotFactory(center=center, starts_at=at(3, hour, minute), online_places=1)
        for hour, minute in ((9, 0), (9, 30), (10, 0))
    )
    booking.move(appointment=book(first, item, resident), slot=second)
    assert [taken(slot) for slot in (first, second, third)] == [(0, 0), (1, 0), (1, 0)]


def test_another_center_is_refused(appointment, other_center):
    with pytest.raises(RuleBroken) as refusal:
        booking.move(appointment=appointment, slot=factories.SlotFactory(center=other_center))
    assert refusal.value.code == "other_center"


def test_a_cancelled_booking_cannot_be_moved(appointment, later):
    booking.cancel(appointment=appointment)
    with pytest.raises(RuleBroken) as refusal:
        booking.move(appointment=appointment, slot=later)
    assert refusal.value.code == "not_changeable"


def test_the_message_of_the_move_takes_the_place_of_the_confirmation(appointment, later):
    booking.move(appointment=appointment, slot=later)
    told = set(Message.objects.values_list("kind", "channel", "state"))
    assert told == {
        ("confirmed", "inbox", "withdrawn"),
        ("confirmed", "sms", "withdrawn"),
        ("moved", "inbox", "listed"),
        ("moved", "sms", "pending"),
    }


def test_moving_away_and_back_leaves_one_message_of_the_move(appointment, slot, later):
    moved = booking.move(appointment=appointment, slot=later)
    booking.move(appointment=moved, slot=slot)
    assert Message.objects.filter(channel="sms", state="pending").count() == 1


def test_moving_does_not_get_around_the_limit_of_a_day(appointment, later, center, item, resident, settings):
    settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = 1
    book(factories.SlotFactory(center=center, starts_at=at(4, 14)), item, resident)
    with pytest.raises(RuleBroken) as refusal:
        booking.move(appointment=appointment, slot=later)
    assert refusal.value.code == "person_limit"


def test_moving_within_the_day_is_no_second_booking(appointment, center, settings):
    settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = 1
    moved = booking.move(appointment=appointment, slot=factories.SlotFactory(center=center, starts_at=at(3, 14)))
    assert moved.move_count == 1
