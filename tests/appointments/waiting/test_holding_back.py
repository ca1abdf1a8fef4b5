"""How closures, capacity and time change the waiting list, and the cooldown of freed places."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.booking import services as booking
from appointments.desk import attendance
from appointments.models import Channel, Hold, Slot, WaitingEntry
from appointments.waiting import offers
from appointments.waiting import services as waiting
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.appointments.waiting.line import fill, held, is_offered, queue, refusal
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


# Closures, capacity, time


def test_more_places_are_offered_to_the_waiting_list(slot, item):
    fill(slot, item)
    first, second = queue(slot, item, 2)
    Slot.objects.filter(pk=slot.pk).update(online_places=3)
    offers.sweep()

    assert is_offered(first) and not is_offered(second)
    assert taken(slot) == (3, 0)


def test_a_time_that_is_closed_ends_the_waiting_and_says_so(slot, item, commit):
    booked = fill(slot, item)
    offered, _waits = queue(slot, item, 2)
    with commit():
        booking.cancel(appointment=booked[0])
    factories.OpeningRuleFactory(center=slot.center, weekday=at(4, 9).weekday())  # open on another day only
    offers.sweep()

    assert set(WaitingEntry.objects.values_list("outcome", flat=True)) == {"closed"}
    assert (taken(slot), held(slot)) == ((1, 0), 0)
    assert Message.objects.filter(kind="wait_closed", channel="sms").count() == 2
    assert refusal(lambda: waiting.accept(entry=offered)) == "waiting_over"


def test_an_entry_without_an_offer_is_told_before_the_slot_begins(slot, item, time_machine):
    fill(slot, item)
    entry = queue(slot, item, 1)[0]
    time_machine.move_to(at(3, 8, 31), tick=False)
    offers.sweep()

    entry.refresh_from_db()
    assert entry.outcome == "over"
    assert Message.objects.filter(kind="wait_over", channel="sms").exists()


# Cooldown against trading places


def test_a_freed_place_that_nobody_waits_for_has_a_cooldown(slot, item, resident, settings, time_machine):
    settings.SLOT_HOLD_BACK_SECONDS = (60, 300)
    booked = fill(slot, item)
    time_machine.move_to(at(1, 10), tick=False)
    booking.cancel(appointment=booked[0])
    assert refusal(lambda: book(slot, item, resident)) == "slot_full"
    wait = Hold.objects.get().until - timezone.now()
    assert timedelta(seconds=60) <= wait <= timedelta(seconds=300)

    time_machine.move_to(at(0, 10, 5), tick=False)
    offers.sweep()
    assert taken(slot) == (1, 0)
    assert book(slot, item, resident)


def test_joining_is_no_way_around_the_wait(slot, item, settings, time_machine):
    settings.SLOT_HOLD_BACK_SECONDS = (200, 300)
    booked = fill(slot, item)
    time_machine.move_to(at(1, 10), tick=False)
    booking.cancel(appointment=booked[0])
    time_machine.move_to(at(0, 10, 1), tick=False)
    entry = queue(slot, item, 1)[0]
    offers.sweep()
    assert not is_offered(entry)

    time_machine.move_to(at(0, 10, 5), tick=False)
    offers.sweep()
    assert is_offered(entry)


def test_a_place_of_a_time_with_room_is_free_at_once(slot, item, settings):
    settings.SLOT_HOLD_BACK_SECONDS = (60, 300)
    booking.cancel(appointment=fill(slot, item, 1)[0])

    assert taken(slot) == (0, 0) and held(slot) == 0


def test_what_is_left_of_a_party_stays_in_its_cooldown(slot, item, resident, settings, commit):
    settings.SLOT_HOLD_BACK_SECONDS = (60, 300)
    pair = book(slot, item, resident, party_size=2)
    entry = queue(slot, item, 1)[0]
    with commit():
        booking.cancel(appointment=pair)

    assert is_offered(entry)
    assert (taken(slot), held(slot, entry=entry), held(slot, entry=None)) == ((2, 0), 1, 1)


def test_a_late_arrival_whose_place_was_given_on_can_take_a_number(center, item, cadre, time_machine):
    slot = factories.SlotFactory(center=center, starts_at=at(0, 9))
    time_machine.move_to(at(0, 8), tick=False)
    booked = fill(slot, item)
    time_machine.move_to(at(0, 9, 20), tick=False)
    attendance.miss(appointment=booked[0], by=cadre)
    fill(slot, item, 1, channel=Channel.DESK)

    with pytest.raises(RuleBroken, match="取个号") as broken:
        attendance.undo(appointment=booked[0], by=cadre)
    assert broken.value.code == "slot_full"
