"""F14 for the waiting list: each invariant detects its violation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Hold, Slot, WaitingEntry
from appointments.waiting import services as waiting
from portal import invariants
from tests.appointments.waiting.line import fill, queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(slot, item, django_capture_on_commit_callbacks) -> WaitingEntry:
    booked = fill(slot, item)
    entry = queue(slot, item, 1)[0]
    with django_capture_on_commit_callbacks(execute=True):
        booking.cancel(appointment=booked[0])
    return entry


def broken() -> list[str]:
    return [violation.sentence for violation in invariants.violations()]


def test_f14_an_offer_and_what_became_of_it_keep_them_all(offered):
    assert broken() == []
    waiting.accept(entry=offered)
    assert broken() == []


def test_f14_a_kept_place_that_the_counter_forgot_is_found(offered, slot):
    Slot.objects.filter(pk=slot.pk).update(online_taken=1)
    assert broken() == ["A slot's counters equal the places held in it."]


def test_f14_an_offer_of_nothing_is_found(offered):
    Hold.objects.update(entry=None)
    assert broken() == ["An offer holds the slots that its item takes."]


def test_f14_an_offer_of_half_of_what_is_needed_is_found(offered, item):
    type(item).objects.update(minutes=60)
    assert broken() == ["An offer holds the slots that its item takes."]


def test_f14_a_place_kept_for_whoever_has_left_is_found(offered):
    WaitingEntry.objects.update(ended_at=timezone.now(), outcome="left")
    assert broken() == ["Nothing is kept for whoever waits no longer."]


def test_f14_a_place_that_the_clock_forgot_is_found(offered):
    Hold.objects.update(until=timezone.now() - timedelta(hours=2))
    assert broken() == ["No offer and no place that is held back outlives its time by an hour."]


def test_f14_a_yes_without_a_booking_is_found(offered, slot):
    Hold.objects.update(ended_at=timezone.now())
    Slot.objects.filter(pk=slot.pk).update(online_taken=1)
    WaitingEntry.objects.update(ended_at=timezone.now(), outcome="accepted")
    assert broken() == ["Whoever accepted has the booking."]
