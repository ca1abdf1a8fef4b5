"""Offers that are over end together before their places are offered: two that lapse at once go to a couple."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Slot, WaitingEntry
from appointments.waiting import offers
from appointments.waiting import services as waiting
from tests import factories
from tests.appointments.waiting.line import fill, held, is_offered, join, queue

# Committed, as each step is by itself: places are offered after the commit that freed them.
pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(hours=14)


@pytest.fixture
def line(slot, item) -> list[WaitingEntry]:
    """Two with an offer each, then a couple, then one person."""
    booked, two = fill(slot, item), queue(slot, item, 2)
    couple = join(slot, item, factories.ResidentFactory(division=slot.center.division), party_size=2)
    [last] = queue(slot, item, 1)
    for appointment in booked:
        booking.cancel(appointment=appointment)
    assert [is_offered(entry) for entry in (*two, couple, last)] == [True, True, False, False]
    return [*two, couple, last]


def test_two_places_that_lapse_together_go_to_the_couple(slot, line, time_machine):
    time_machine.move_to(timezone.now() + LATER)
    offers.sweep()
    assert [is_offered(entry) for entry in line] == [False, False, True, False]
    assert [entry.outcome for entry in line] == ["lapsed", "lapsed", "", ""]
    assert held(slot, entry=line[2]) == 2


def test_control_one_place_goes_to_the_one_person_behind_them(line):
    waiting.decline(entry=line[0])
    assert [is_offered(entry) for entry in line] == [False, True, False, True]


def test_an_answer_ends_first_what_is_due_as_well(line, time_machine):
    """Who declines a moment after the other's time was up, before the job has run."""
    WaitingEntry.objects.filter(pk=line[1].pk).update(offer_ends_at=timezone.now() + timedelta(seconds=1))
    time_machine.move_to(timezone.now() + timedelta(seconds=2))
    waiting.decline(entry=line[0])
    assert [is_offered(entry) for entry in line] == [False, False, True, False]


def test_offers_that_are_withdrawn_together_free_both_places_first(slot, item, line):
    """The couple waits for something that somebody else handles."""
    other = factories.ServiceItemFactory()
    WaitingEntry.objects.filter(pk__in=[line[2].pk, line[3].pk]).update(item=other)
    factories.SlotGapFactory(slot=slot, item_code=item.code)
    offers.sweep()
    assert [is_offered(entry) for entry in line] == [False, False, True, False]
    assert Slot.objects.get(pk=slot.pk).online_taken == 2
