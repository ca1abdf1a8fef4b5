"""A place is given back after its cooldown while another run offers it: both lock the slot first, so no deadlock."""

from threading import Event

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Hold
from appointments.slots import capacity
from appointments.waiting import holds, offers
from tests.appointments.steps import taken
from tests.appointments.waiting.line import fill, held, is_offered, queue
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def hold(slot, item, settings) -> Hold:
    """Of a slot that was full until one cancelled, nobody waiting."""
    settings.SLOT_HOLD_BACK_SECONDS = (60, 300)
    booking.cancel(appointment=fill(slot, item)[0])
    Hold.objects.update(until=timezone.now())
    return Hold.objects.get()


@pytest.fixture
def entry(slot, item, hold):
    return queue(slot, item, 1)[0]


@pytest.fixture
def at_once(slot, hold, entry, monkeypatch):
    """One gives the place back; the other, once the hold is ended and not yet committed, passes the slot's places on.

    The first waits a second for the other to have locked the slot, which it cannot if the first has done so.
    """
    hold_is_ended, slot_is_locked = Event(), Event()
    counted, lock = capacity.give_back, offers._lock_slots_around

    def count_later(*args) -> None:
        hold_is_ended.set()
        slot_is_locked.wait(1)
        counted(*args)

    def lock_and_tell(pk: int) -> list:
        rows = lock(pk)
        slot_is_locked.set()
        return rows

    def pass_on(_hold) -> int:
        hold_is_ended.wait(20)
        return offers.pass_on(slot.pk)

    def run(give_back=holds.give_back) -> list:
        monkeypatch.setattr(capacity, "give_back", count_later)
        monkeypatch.setattr(offers, "_lock_slots_around", lock_and_tell)
        return together(lambda act: act(hold), [lambda hold: give_back(hold, timezone.now()), pass_on])

    return run


def test_the_place_is_given_back_and_then_offered(slot, entry, at_once):
    assert at_once() == [True, 1]
    assert is_offered(entry)
    assert taken(slot) == (2, 0) and held(slot) == 1


def test_control_who_locks_the_hold_first_is_in_a_deadlock(at_once):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite a transaction is a lock by itself")

    def hold_first(hold: Hold, at) -> bool:
        with transaction.atomic():
            if not holds.unassigned(pk=hold.pk).update(ended_at=at):
                return False
            capacity.give_back(hold.slot_id, hold.size, hold.pool)
        return True

    answers = at_once(hold_first)

    assert [answer for answer in answers if isinstance(answer, OperationalError) and "deadlock" in str(answer)]
