"""Closing a time and answering an offer of it at the same moment: both lock the slot before the entry (deadlocks)."""

from functools import partial

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Slot, WaitingEntry
from appointments.waiting import holds, offers
from appointments.waiting import services as waiting
from portal import locking
from portal.invariants import invariants
from portal.ui.errors import RuleBroken
from portal.ui.outages import BUSY, outage_of
from tests.appointments.waiting.line import fill, queue
from tests.behind import behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def offered(slot, item) -> WaitingEntry:
    booked = fill(slot, item)
    first = queue(slot, item, 2)[0]
    booking.cancel(appointment=booked[0])
    return WaitingEntry.objects.for_pages().get(pk=first.pk)


def close(slot: Slot) -> None:
    """As whatever closes a slot does: it, and then what follows."""
    locking.lock(Slot, [slot.pk])
    Slot.objects.filter(pk=slot.pk).update(closed_at=timezone.now())


ANSWERS = {
    "accept": waiting.accept,
    "decline": waiting.decline,
    "leave": waiting.leave,
    "lapse": lambda entry: offers.sweep(entry.offer_ends_at),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_who_answers_while_the_time_is_closed_waits_for_it(answer, slot, offered):
    end = partial(offers._end_offers, slot.center_id, timezone.now())

    done, answered = behind(partial(close, slot), partial(ANSWERS[answer], entry=offered), then=end)

    assert not isinstance(done, Exception), repr(done)
    assert not isinstance(answered, Exception) or isinstance(answered, RuleBroken), repr(answered)
    assert not WaitingEntry.objects.open().filter(pk=offered.pk).exists()
    assert not [sentence for sentence, rows in invariants(timezone.now()) if rows.exists()]


def test_control_in_the_other_order_the_two_wait_for_each_other(slot, offered, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one lock")
    monkeypatch.setattr(holds, "lock_slots", lambda _entries: None)
    end = partial(offers._end_offers, slot.center_id, timezone.now())

    both = behind(partial(close, slot), partial(waiting.decline, entry=offered), then=end)

    assert any(isinstance(one, OperationalError) and outage_of(one) == BUSY for one in both)
