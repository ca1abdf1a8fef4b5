"""Race conditions of the waiting list: double answers, answer and expiry, many who join, concurrent sweeps.

Each race has a control that shows what happens without the guard.
"""

from functools import partial
from threading import Barrier

import pytest
from django.db.models import F
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Appointment, Hold, Place, Slot, WaitingEntry
from appointments.slots import capacity
from appointments.waiting import offers
from appointments.waiting import services as waiting
from centers.models import Resident
from portal.invariants import invariants
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.appointments.waiting.line import fill, held, join, queue
from tests.factories.appointments import at
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

TAPS, CLIENTS, FREED, ROUNDS = 8, 32, 10, 6


@pytest.fixture
def offered(slot, item) -> WaitingEntry:
    """The first of two entries, to which the one freed place is offered."""
    booked = fill(slot, item)
    first = queue(slot, item, 2)[0]
    booking.cancel(appointment=booked[0])
    first.refresh_from_db()
    assert first.is_offered()
    return first


def nothing_is_broken() -> bool:
    return not any(rows.exists() for _sentence, rows in invariants(timezone.now()))


def test_one_offer_accepted_eight_times_at_once_books_once(slot, offered):
    answers = together(lambda _: waiting.accept(entry=offered), range(TAPS))

    assert {answer.pk for answer in answers} == {Appointment.objects.get(resident=offered.resident).pk}
    assert taken(slot) == (2, 0) and held(slot) == 0


def test_control_looking_before_booking_books_the_one_place_again_and_again(slot, item, offered):
    all_have_looked = Barrier(TAPS, timeout=60)

    def careless(_) -> bool:
        looked = WaitingEntry.objects.get(pk=offered.pk)
        all_have_looked.wait()
        if not looked.is_offered():
            return False
        factories.AppointmentFactory(center=slot.center, item=item, resident=looked.resident, starts_at=slot.starts_at)
        WaitingEntry.objects.filter(pk=looked.pk).update(ended_at=timezone.now(), outcome="accepted")
        return True

    assert together(careless, range(TAPS)).count(True) > 1


def test_yes_no_leaving_and_the_clock_at_the_same_moment_one_of_them_counts(center, item):
    """In alternating order, so that each wins sometimes; counters and rows agree in any case."""
    for number in range(ROUNDS):
        slot = factories.SlotFactory(center=center, starts_at=at(3 + number, 9))
        booked = fill(slot, item)
        entry = queue(slot, item, 2)[0]
        booking.cancel(appointment=booked[0])
        entry.refresh_from_db()
        acts = [
            partial(waiting.accept, entry=entry),
            partial(offers.sweep, entry.offer_ends_at),
            partial(waiting.decline, entry=entry),
            partial(waiting.leave, entry=entry),
            partial(booking.cancel, appointment=booked[1]),
        ]
        together(lambda act: act(), acts[number % 5 :] + acts[: number % 5])

        entry.refresh_from_db()
        held = Place.objects.filter(slot=slot, resident=entry.resident, released_at=None).count()
        assert held == (1 if entry.outcome == "accepted" else 0)
        assert entry.outcome in ("accepted", "lapsed", "declined", "left")
        taken(slot)
        assert nothing_is_broken()


def test_control_a_clock_that_looks_first_gives_the_accepted_place_away(slot, offered):
    it_has_looked, they_have_accepted = Barrier(2, timeout=60), Barrier(2, timeout=60)

    def clock() -> None:
        looked = Hold.objects.get(entry=offered)
        it_has_looked.wait()
        they_have_accepted.wait()
        if looked.ended_at is None:
            capacity.give_back(looked.slot_id, looked.size, looked.pool)

    def person() -> None:
        it_has_looked.wait()
        waiting.accept(entry=offered)
        they_have_accepted.wait()

    together(lambda act: act(), [clock, person])
    slot.refresh_from_db()
    assert slot.online_taken < Place.objects.filter(slot=slot, released_at=None).count()  # overbooked


def test_thirty_two_join_and_ten_freed_places_are_each_offered_once(center, item, village):
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=FREED)
    booked = fill(slot, item, FREED)
    people = Resident.objects.bulk_create(
        Resident(division=village, name=f"村民{number}", phone=f"137{number:08d}") for number in range(CLIENTS)
    )
    joined = together(lambda person: join(slot, item, person), people)
    assert all(isinstance(one, WaitingEntry) for one in joined)

    acts = [lambda one=one: booking.cancel(appointment=one) for one in booked] + [offers.sweep] * 4
    together(lambda act: act(), acts)
    offers.sweep()

    line = list(WaitingEntry.objects.order_by("joined_at", "pk"))
    assert [entry.is_offered() for entry in line] == [True] * FREED + [False] * (CLIENTS - FREED)
    assert Hold.objects.filter(entry__isnull=False).count() == FREED
    assert taken(slot) == (FREED, 0)

    booked = together(lambda entry: waiting.accept(entry=entry), line)
    assert sum(isinstance(one, Appointment) for one in booked) == FREED
    assert sum(isinstance(one, RuleBroken) and one.code == "not_offered" for one in booked) == CLIENTS - FREED
    assert taken(slot) == (FREED, 0) and nothing_is_broken()


def test_control_offering_to_whoever_is_first_without_marking_them_offers_one_place_twice(slot, item):
    booked = fill(slot, item)
    queue(slot, item, 1)
    Place.objects.filter(appointment=booked[0]).update(released_at=timezone.now())
    hold = factories.HoldFactory(slot=slot)
    all_have_looked = Barrier(4, timeout=60)

    def careless(_) -> bool:
        entry = WaitingEntry.objects.waiting().first()
        all_have_looked.wait()
        return bool(entry and Hold.objects.filter(pk=hold.pk).update(entry=entry))

    assert together(careless, range(4)).count(True) > 1


def test_a_cooldown_ends_once_under_eight_concurrent_sweeps(slot, item, resident, settings):
    settings.SLOT_HOLD_BACK_SECONDS = (60, 60)
    book(slot, item, resident)
    booking.cancel(appointment=fill(slot, item, 1)[0])
    hold = Hold.objects.get()
    assert taken(slot) == (2, 0)

    together(lambda _: offers.sweep(hold.until), range(TAPS))

    assert taken(slot) == (1, 0)


def test_control_giving_back_without_ending_the_row_first_gives_back_too_often(slot, item, resident, settings):
    settings.SLOT_HOLD_BACK_SECONDS = (60, 60)
    book(slot, item, resident)
    booking.cancel(appointment=fill(slot, item, 1)[0])
    all_have_looked = Barrier(2, timeout=60)

    def careless(_) -> None:
        hold = Hold.objects.get()
        all_have_looked.wait()
        if hold.ended_at is None:
            capacity.give_back(hold.slot_id, hold.size, hold.pool)
            Hold.objects.filter(pk=hold.pk).update(ended_at=timezone.now())

    together(careless, range(2))
    slot.refresh_from_db()
    assert slot.online_taken == 0  # two were occupied and one freed: the other's place was given back too


def test_the_database_itself_keeps_one_person_from_waiting_twice(slot, item, resident):
    fill(slot, item)
    answers = together(lambda number: join(slot, item, resident, key=f"form-{number}"), range(TAPS))

    assert sum(isinstance(one, WaitingEntry) for one in answers) == 1
    assert {one.code for one in answers if isinstance(one, RuleBroken)} == {"one_person_waits_once_for_a_time"}


def test_the_freed_place_and_a_click_meet_and_nothing_is_oversold(slot, item, village):
    """Everybody tries to book the moment a place is freed: the waiting list gets it, the others find it full."""
    booked = fill(slot, item)
    entry = queue(slot, item, 1)[0]
    clickers = [factories.ResidentFactory(division=village) for _number in range(TAPS)]

    def act(one):
        return booking.cancel(appointment=booked[0]) if one is None else book(slot, item, one)

    answers = together(act, [*clickers[:4], None, *clickers[4:]])

    entry.refresh_from_db()
    assert entry.is_offered()
    assert sum(isinstance(one, RuleBroken) for one in answers) == TAPS
    assert taken(slot) == (2, 0)
    assert not Slot.objects.filter(online_taken__gt=F("online_places")).exists()
