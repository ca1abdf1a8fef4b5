"""The waiting list of a full slot: who may join, the order of offers, and how an offer ends."""

from datetime import timedelta

import pytest

from appointments.booking import services as booking
from appointments.desk import attendance
from appointments.models import Appointment, Channel, Slot
from appointments.waiting import offers
from appointments.waiting import services as waiting
from portal.notifications.models import Message
from tests import factories
from tests.appointments.steps import book, taken
from tests.appointments.waiting.line import fill, held, is_offered, join, queue, refusal
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


# Joining


def test_the_same_form_joins_once(slot, item, resident):
    fill(slot, item)
    assert join(slot, item, resident, key="one").pk == join(slot, item, resident, key="one").pk


def test_one_person_waits_once_for_a_time(slot, item, resident):
    fill(slot, item)
    join(slot, item, resident)
    assert refusal(lambda: join(slot, item, resident)) == "one_person_waits_once_for_a_time"


def test_nobody_waits_for_a_time_that_has_room(slot, item, resident):
    assert refusal(lambda: join(slot, item, resident)) == "has_room"


def test_a_caller_does_not_wait_while_the_desk_has_a_place(slot, item, resident):
    fill(slot, item)
    assert refusal(lambda: join(slot, item, resident, channel=Channel.PHONE)) == "has_room"


def test_a_party_larger_than_the_capacity_is_refused(slot, item, resident):
    fill(slot, item)
    assert refusal(lambda: join(slot, item, resident, party_size=3)) == "too_large"


def test_who_is_booked_there_does_not_wait(slot, item, resident):
    fill(slot, item, 1)
    book(slot, item, resident)
    assert refusal(lambda: join(slot, item, resident)) == "already_booked"


def test_one_number_waits_for_so_many_times(center, item, resident, settings):
    settings.WAITING_LIMIT_PER_PERSON = 2
    days = [factories.SlotFactory(center=center, starts_at=at(3 + day, 9), online_places=0) for day in range(3)]
    Slot.objects.update(online_places=1, online_taken=1)
    for day in days[:2]:
        join(Slot.objects.get(pk=day.pk), item, resident)
    assert refusal(lambda: join(Slot.objects.get(pk=days[2].pk), item, resident)) == "waiting_limit"


def test_a_time_that_has_passed_takes_nobody(center, item, resident):
    gone = factories.SlotFactory(center=center, starts_at=at(-1, 9), online_places=1, online_taken=1)
    assert refusal(lambda: join(gone, item, resident)) == "slot_too_soon"


# Order


def test_the_position_counts_those_who_came_earlier_and_still_wait(slot, item):
    fill(slot, item)
    first, second, third = queue(slot, item, 3)
    waiting.leave(entry=second)

    assert (waiting.position(first), waiting.position(third)) == (1, 2)


def test_a_freed_place_is_offered_to_the_first_and_to_nobody_else(slot, item, commit):
    booked = fill(slot, item)
    first, second = queue(slot, item, 2)
    with commit():
        booking.cancel(appointment=booked[0])

    assert is_offered(first) and not is_offered(second)
    assert taken(slot) == (2, 0) and held(slot, entry=first) == 1


def test_moving_away_passes_the_place_on_as_well(center, slot, item, commit):
    booked = fill(slot, item)
    first = queue(slot, item, 1)[0]
    with commit():
        booking.move(appointment=booked[0], slot=factories.SlotFactory(center=center, starts_at=at(3, 10)))

    assert is_offered(first)


def test_a_party_too_large_for_now_keeps_its_position(slot, item, resident, commit):
    booked = fill(slot, item)
    pair = join(slot, item, resident, party_size=2)
    single = queue(slot, item, 1)[0]
    with commit():
        booking.cancel(appointment=booked[0])
    assert is_offered(single) and not is_offered(pair)

    waiting.decline(entry=single)
    with commit():
        booking.cancel(appointment=booked[1])
    offers.sweep()
    assert is_offered(pair) and held(slot) == 2


def test_an_item_of_an_hour_is_offered_both_half_hours_or_nothing(center, slot, county, item, resident, commit):
    second = factories.SlotFactory(center=center, starts_at=at(3, 9, 30))
    hour = factories.ServiceItemFactory(division=county, minutes=60)
    booked, later = fill(slot, item), fill(second, item)
    entry = join(slot, hour, resident)
    with commit():
        booking.cancel(appointment=booked[0])
    assert not is_offered(entry) and taken(slot) == (1, 0)

    with commit():
        booking.cancel(appointment=later[0])
    assert is_offered(entry) and (held(slot), held(second)) == (1, 1)
    assert waiting.accept(entry=entry).places.count() == 2
    assert (taken(slot), taken(second)) == ((2, 0), (2, 0))


def test_who_is_busy_at_that_time_is_passed_over(center, slot, item, commit):
    booked = fill(slot, item)
    busy, free = queue(slot, item, 2)
    appointment = factories.AppointmentFactory(center=center, item=item, resident=busy.resident)
    factories.PlaceFactory(slot=slot, appointment=appointment, pool="desk")
    Slot.objects.filter(pk=slot.pk).update(desk_taken=1)
    with commit():
        booking.cancel(appointment=booked[0])

    assert is_offered(free) and not is_offered(busy)
    offers.sweep()
    busy.refresh_from_db()
    assert busy.outcome == "left"


def test_the_desks_own_place_goes_to_callers_only(slot, item, resident, commit):
    fill(slot, item)
    caller = fill(slot, item, 1, channel=Channel.PHONE)[0]
    online = queue(slot, item, 1)[0]
    by_phone = join(slot, item, resident, channel=Channel.PHONE)
    with commit():
        booking.cancel(appointment=caller)

    assert is_offered(by_phone) and not is_offered(online)


def test_nothing_is_offered_that_late(center, item, time_machine, commit):
    soon = factories.SlotFactory(center=center, starts_at=at(1, 9))
    booked = fill(soon, item)
    entry = queue(soon, item, 1)[0]
    time_machine.move_to(at(1, 8, 28), tick=False)
    with commit():
        booking.cancel(appointment=booked[0])

    assert not is_offered(entry) and taken(soon) == (1, 0)


def test_a_missed_place_is_free_at_once_for_whoever_walks_in(center, item, cadre, time_machine, settings):
    settings.SLOT_HOLD_BACK_SECONDS = (60, 300)
    slot = factories.SlotFactory(center=center, starts_at=at(1, 9))
    booked = fill(slot, item)
    time_machine.move_to(at(1, 9, 20), tick=False)
    attendance.miss(appointment=booked[0], by=cadre)

    assert taken(slot) == (1, 0) and held(slot) == 0


def test_a_missed_hour_gives_its_second_half_to_who_waits_for_it(center, item, county, cadre, time_machine, commit):
    """There is time to ask somebody whose half hour begins later."""
    halves = [factories.SlotFactory(center=center, starts_at=at(1, 9) + n * timedelta(minutes=30)) for n in range(4)]
    long = factories.ServiceItemFactory(division=county, minutes=120)
    missed = fill(halves[0], long)[0]
    entry = queue(halves[3], item, 1)[0]
    time_machine.move_to(at(1, 9, 10), tick=False)
    with commit():
        attendance.miss(appointment=missed, by=cadre)

    assert is_offered(entry)


# Answers


def test_accepting_books_the_places_that_were_held(slot, item, commit):
    booked = fill(slot, item)
    entry = queue(slot, item, 1)[0]
    with commit():
        booking.cancel(appointment=booked[0])

    appointment = waiting.accept(entry=entry)
    again = waiting.accept(entry=entry)

    entry.refresh_from_db()
    assert appointment == again == entry.appointment
    assert (entry.outcome, taken(slot), held(slot)) == ("accepted", (2, 0), 0)
    assert Message.objects.filter(subject=f"appointment:{appointment.pk}", kind="confirmed").exists()


def test_nobody_accepts_before_their_turn(slot, item):
    fill(slot, item)
    entry = queue(slot, item, 1)[0]
    assert refusal(lambda: waiting.accept(entry=entry)) == "not_offered"
    assert refusal(lambda: waiting.decline(entry=entry)) == "not_offered"


def test_no_is_passed_on_to_the_next(slot, item, commit):
    booked = fill(slot, item)
    first, second = queue(slot, item, 2)
    with commit():
        booking.cancel(appointment=booked[0])
    with commit():
        waiting.decline(entry=first)

    assert is_offered(second) and taken(slot) == (2, 0)
    assert refusal(lambda: waiting.accept(entry=first)) == "waiting_over"


def test_leaving_twice_is_leaving_once(slot, item):
    fill(slot, item)
    entry = queue(slot, item, 1)[0]
    waiting.leave(entry=entry)
    assert waiting.leave(entry=entry).outcome == "left"


def test_who_does_not_answer_in_time_is_told_and_the_next_is_asked(slot, item, time_machine, commit):
    booked = fill(slot, item)
    first, second = queue(slot, item, 2)
    time_machine.move_to(at(2, 10), tick=False)
    with commit():
        booking.cancel(appointment=booked[0])
    time_machine.move_to(at(0, 10, 30), tick=False)
    with commit():
        offers.sweep()

    first.refresh_from_db()
    assert first.outcome == "lapsed" and is_offered(second)
    assert refusal(lambda: waiting.accept(entry=first)) == "waiting_over"
    assert Message.objects.filter(subject=f"waiting:{first.pk}", kind="wait_lapsed", channel="sms").exists()


def test_an_answer_that_comes_after_the_time_counts_for_nothing_even_before_the_sweep(slot, item, time_machine, commit):
    booked = fill(slot, item)
    entry = queue(slot, item, 1)[0]
    time_machine.move_to(at(2, 10), tick=False)
    with commit():
        booking.cancel(appointment=booked[0])
    time_machine.move_to(at(0, 10, 30), tick=False)

    assert refusal(lambda: waiting.accept(entry=entry)) == "waiting_over"
    assert not Appointment.objects.filter(resident=entry.resident).exists()


def test_an_offer_that_the_rules_refuse_now_stands_as_it_was(center, slot, item, settings, commit):
    booked = fill(slot, item)
    entry = queue(slot, item, 1)[0]
    with commit():
        booking.cancel(appointment=booked[0])
    settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = 1
    book(factories.SlotFactory(center=center, starts_at=at(3, 15)), item, entry.resident)

    assert refusal(lambda: waiting.accept(entry=entry)) == "person_limit"
    assert is_offered(entry) and held(slot) == 1
