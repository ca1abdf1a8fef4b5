"""L1: overbooking: 64 clients behind a barrier on one slot of 50. The control shows the race without the guard."""

import uuid
from threading import Barrier

import pytest
from django.db import transaction
from django.db.models import F

from appointments.booking import services as booking
from appointments.booking.models import Channel
from appointments.models import Appointment, Place, Slot
from appointments.slots import capacity
from appointments.slots.capacity import SlotFull
from centers.models import Resident
from tests import factories
from tests.appointments.steps import taken
from tests.factories.appointments import at
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

CLIENTS, PLACES, ROUNDS = 64, 50, 20


@pytest.fixture
def people(village):
    rows = [Resident(division=village, name=f"村民{number}", phone=f"137{number:08d}") for number in range(CLIENTS)]
    return Resident.objects.bulk_create(rows)


def full_day(center) -> list[Slot]:
    return [
        factories.SlotFactory(center=center, starts_at=at(2 + number, 9), online_places=PLACES)
        for number in range(ROUNDS)
    ]


def test_l1_exactly_fifty_of_sixty_four_are_booked_in_every_round(center, item, people, settings):
    settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = ROUNDS
    for slot in full_day(center):
        answers = together(
            lambda resident, slot=slot: booking.book(
                slot=slot, item=item, resident=resident, channel=Channel.ONLINE, key=str(uuid.uuid4())
            ),
            people,
        )
        booked = [answer for answer in answers if isinstance(answer, Appointment)]
        refused = [answer for answer in answers if isinstance(answer, SlotFull)]
        assert (len(booked), len(refused), taken(slot)) == (PLACES, CLIENTS - PLACES, (PLACES, 0))


def test_l1_control_reading_the_counter_before_writing_it_oversells(center, item, people, monkeypatch):
    slot = full_day(center)[0]
    all_have_counted = Barrier(CLIENTS, timeout=60)
    oversold = together(lambda resident: naive_booking(slot, item, resident, all_have_counted), people)
    assert oversold.count(True) > PLACES


def naive_booking(slot: Slot, item, resident, all_have_counted: Barrier) -> bool:
    """Check-then-act, as in most booking systems: read whether there is room, then write."""
    counted = Place.objects.filter(slot=slot, released_at__isnull=True).count()
    all_have_counted.wait()
    if counted >= PLACES:
        return False
    with transaction.atomic():
        appointment = factories.AppointmentFactory(
            center=slot.center, item=item, resident=resident, starts_at=slot.starts_at, code=f"{resident.pk:06d}"[-6:]
        )
        Place.objects.create(slot=slot, appointment=appointment, resident=resident, pool="online")
    return True


def test_the_database_itself_refuses_a_counter_beyond_the_places(center):
    slot = factories.SlotFactory(center=center, online_places=1, online_taken=1)
    with pytest.raises(Exception, match="online_bookings_stay_within_places"):
        Slot.objects.filter(pk=slot.pk).update(online_taken=F("online_taken") + 1)


def test_one_form_sent_sixteen_times_at_once_books_once(slot, item, resident):
    answers = together(
        lambda _: booking.book(slot=slot, item=item, resident=resident, channel=Channel.ONLINE, key="one-form"),
        range(16),
    )
    assert {answer.pk for answer in answers} == {Appointment.objects.get().pk}
    assert taken(slot) == (1, 0)


def test_one_booking_cancelled_sixteen_times_at_once_gives_its_place_back_once(slot, item, resident):
    booking.book(slot=slot, item=item, resident=factories.ResidentFactory(), channel=Channel.ONLINE, key="other")
    appointment = booking.book(slot=slot, item=item, resident=resident, channel=Channel.ONLINE, key="mine")
    together(lambda _: booking.cancel(appointment=appointment), range(16))
    assert taken(slot) == (1, 0)


def test_control_giving_back_without_marking_the_row_first_gives_back_too_often(slot, item, resident):
    for key, person in (("other", factories.ResidentFactory()), ("mine", resident)):
        booking.book(slot=slot, item=item, resident=person, channel=Channel.ONLINE, key=key)
    place = Place.objects.get(resident=resident)

    all_have_looked = Barrier(16, timeout=60)

    def careless(_) -> None:
        looked = Place.objects.get(pk=place.pk)
        all_have_looked.wait()
        if looked.released_at is None:
            capacity.give_back(place.slot_id, 1, "online")
            Place.objects.filter(pk=place.pk).update(released_at=slot.starts_at)

    together(careless, range(16))
    slot.refresh_from_db()
    assert slot.online_taken == 0  # two were occupied and one cancelled: the other's place was given back too


def test_two_people_who_swap_their_times_do_not_block_each_other(center, item, village):
    first, second = (factories.SlotFactory(center=center, starts_at=at(3, hour)) for hour in (9, 10))
    people = [factories.ResidentFactory(division=village) for _number in range(2)]
    for _round in range(10):
        mine, theirs = (
            booking.book(slot=slot, item=item, resident=person, channel=Channel.ONLINE, key=str(uuid.uuid4()))
            for slot, person in ((first, people[0]), (second, people[1]))
        )
        moved = together(
            lambda pair: booking.move(appointment=pair[0], slot=pair[1]), [(mine, second), (theirs, first)]
        )
        assert all(isinstance(answer, Appointment) for answer in moved)
        for appointment in moved:
            booking.cancel(appointment=appointment)
    assert (taken(first), taken(second)) == ((0, 0), (0, 0))
