"""Calling the next ticket: in queue order, one ticket a window, never one ticket to two windows."""

import uuid
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from appointments.booking.models import Status
from appointments.desk import attendance, calling
from appointments.models import Ticket
from appointments.tickets import taking
from appointments.tickets.hall import hall
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.factories.appointments import at
from tests.together import together

pytestmark = pytest.mark.django_db
WINDOWS = 8


@pytest.fixture
def take(center, cadre):
    return lambda **more: taking.issue_at_desk(center=center, by=cadre, key=uuid.uuid4().hex, **more)


@pytest.fixture
def call_next(center, cadre):
    return lambda window=1, **more: calling.call_next(center=center, window=window, by=cadre, **more)


def test_the_first_one_is_called_to_the_window(take, call_next, cadre):
    first, _second = take(), take()
    called = call_next()
    assert (called.pk, called.window, called.called_by, called.called_times) == (first.pk, 1, cadre, 1)


def test_calling_the_next_is_done_with_the_one_before(take, call_next, cadre):
    first, second = take(), take()
    call_next()
    assert call_next(seen=first.pk).pk == second.pk
    first.refresh_from_db()
    assert (first.state, first.done_by) == ("served", cadre)


def test_a_second_tap_calls_nobody_else(take, call_next):
    first, second, third = take(), take(), take()
    call_next()
    call_next(seen=first.pk)
    assert call_next(seen=first.pk).pk == second.pk
    third.refresh_from_db()
    assert third.is_waiting


def test_when_nobody_waits_nobody_is_called(call_next, center):
    assert call_next() is None


def test_the_last_one_is_done_with_although_nobody_follows(take, call_next):
    last = take()
    call_next()
    assert call_next(seen=last.pk) is None
    last.refresh_from_db()
    assert last.state == "served"


def test_who_has_priority_is_called_first(take, call_next):
    take()
    assert call_next().pk != take(priority="elder").pk
    assert call_next(window=2).priority == "elder"


def test_a_priority_that_is_not_enabled_is_refused(take, settings):
    settings.QUEUE_PRIORITIES = ["elder"]
    with pytest.raises(RuleBroken, match="没有这一种优先"):
        take(priority="infant")


def test_a_window_that_there_is_none_is_refused(call_next, center):
    with pytest.raises(RuleBroken, match="没有这个窗口"):
        call_next(window=99)


def test_serving_somebody_who_booked_serves_the_appointment(call_next, center, item, resident, cadre):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 0))
    attendance.arrive(appointment=visit, by=cadre)
    called = call_next()
    calling.done(ticket=called, by=cadre)
    visit.refresh_from_db()
    assert (visit.status, visit.served_by) == (Status.SERVED, cadre)


def test_calling_again_counts(take, call_next, cadre):
    take()
    assert calling.call_again(ticket=call_next(), by=cadre).called_times == 2


def test_only_somebody_who_was_called_is_called_again(take, cadre):
    with pytest.raises(RuleBroken, match="刚刚被别人改过"):
        calling.call_again(ticket=take(), by=cadre)


def test_somebody_absent_is_marked_after_three_calls(take, call_next, cadre):
    take()
    called = call_next()
    with pytest.raises(RuleBroken, match="再叫叫看"):
        calling.absent(ticket=called, by=cadre)
    for _call in range(2):
        called = calling.call_again(ticket=called, by=cadre)
    assert calling.absent(ticket=called, by=cadre).state == "missed"


def test_or_after_the_time_of_grace(take, call_next, cadre):
    with time_machine.travel(at(0, 9)) as clock:
        take()
        called = call_next()
        clock.shift(timedelta(minutes=10))
        assert calling.absent(ticket=called, by=cadre).missed_by == cadre


def test_giving_somebody_up_too_soon_calls_nobody(take, call_next):
    first, second = take(), take()
    call_next()
    with pytest.raises(RuleBroken, match="再叫叫看"):
        call_next(seen=first.pk, finish=calling.Finish.ABSENT)
    second.refresh_from_db()
    assert second.is_waiting


def test_who_was_not_called_cannot_be_absent(take, cadre):
    with pytest.raises(RuleBroken, match="还没有叫过"):
        calling.absent(ticket=take(), by=cadre)


def test_an_absent_one_who_booked_has_missed_and_the_place_is_free(slot, item, resident, cadre, center):
    visit = book(slot, item, resident)
    with time_machine.travel(at(3, 9)) as clock:
        attendance.arrive(appointment=visit, by=cadre)
        called = calling.call_next(center=center, window=1, by=cadre)
        clock.shift(timedelta(minutes=10))
        calling.absent(ticket=called, by=cadre)
    visit.refresh_from_db()
    assert (visit.status, taken(slot)) == (Status.MISSED, (0, 0))


def test_who_comes_back_waits_from_then_on(take, call_next, cadre, center):
    with time_machine.travel(at(0, 9)) as clock:
        gone, other = take(), take()
        called = call_next()
        clock.shift(timedelta(minutes=10))
        calling.absent(ticket=called, by=cadre)
        calling.put_back(ticket=called, by=cadre)
        assert [ticket.pk for ticket in hall(center).waiting] == [other.pk, gone.pk]


def test_who_was_called_by_mistake_waits_as_before(take, call_next, cadre, center):
    first, second = take(), take()
    calling.put_back(ticket=call_next(), by=cadre)
    assert [ticket.pk for ticket in hall(center).waiting] == [first.pk, second.pk]


@pytest.mark.parametrize("mark", ["done", "absent"])
def test_a_mark_is_taken_back_once(mark, take, call_next, cadre, settings):
    settings.DESK_GRACE_MINUTES = 0
    take()
    marked = getattr(calling, mark)(ticket=call_next(), by=cadre)
    assert calling.undo(ticket=marked, by=cadre, seen=marked.state).is_waiting
    assert calling.undo(ticket=marked, by=cadre, seen=marked.state).is_waiting


def test_somebody_is_called_out_of_turn(take, cadre):
    _first, second = take(), take()
    assert calling.call(ticket=second, window=2, by=cadre).window == 2


def test_but_not_to_a_window_where_somebody_sits(take, call_next, cadre):
    _first, second = take(), take()
    call_next()
    with pytest.raises(RuleBroken, match="1号还在这个窗口"):
        calling.call(ticket=second, window=1, by=cadre)


def test_who_does_not_wait_any_more_is_not_called(take, call_next, cadre):
    gone = take()
    calling.leave(ticket=gone, by=cadre)
    assert call_next() is None
    with pytest.raises(RuleBroken, match="不等了"):
        calling.call(ticket=gone, window=1, by=cadre)


def test_yesterdays_number_is_not_touched(take, cadre):
    old = take()
    with time_machine.travel(at(1, 9)), pytest.raises(RuleBroken, match="以前的号"):
        calling.done(ticket=old, by=cadre)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_windows_that_call_at_once_call_different_people(take, call_next, center):
    for _number in range(WINDOWS):
        take()
    called = together(lambda window: call_next(window=window), range(1, WINDOWS + 1))
    assert len({ticket.pk for ticket in called}) == WINDOWS
    assert {ticket.window for ticket in Ticket.objects.called()} == set(range(1, WINDOWS + 1))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_choosing_first_and_writing_later_calls_one_person_to_many_windows(take, center, cadre):
    take()
    all_have_chosen = Barrier(WINDOWS, timeout=60)

    def careless(window: int) -> int:
        chosen = hall(center).waiting[0]
        all_have_chosen.wait()
        chosen.called_at, chosen.called_by, chosen.window = timezone.now(), cadre, window
        chosen.save()
        return chosen.pk

    assert len(set(together(careless, range(1, WINDOWS + 1)))) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixteen_taps_at_one_window_call_one_person(take, call_next, center):
    for _number in range(16):
        take()
    called = together(lambda _: call_next(), range(16))
    assert {ticket.pk for ticket in called} == {Ticket.objects.called().get().pk}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_concurrent_done_and_call_stay_consistent(take, call_next, cadre, center, item, resident):
    """The appointment is marked in the list while another window calls its ticket."""
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 0))
    attendance.arrive(appointment=visit, by=cadre)
    acts = [lambda: attendance.serve(appointment=visit, by=cadre), lambda: call_next(window=2)] * 4
    answers = together(lambda act: act(), acts)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Ticket.objects.get().state == "served"


def test_the_database_itself_keeps_one_person_at_a_window(take, call_next, cadre):
    call_next()
    first, second = take(), take()
    calling.call(ticket=first, window=1, by=cadre)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=second.pk).update(called_at=timezone.now(), called_by=cadre, window=1)


def test_the_number_of_queries_is_the_same_for_twenty_and_for_two_hundred(
    center, cadre, django_assert_num_queries, django_assert_max_num_queries
):
    factories.TicketFactory.create_batch(20, center=center)
    with django_assert_max_num_queries(12) as counted:
        read(center)
    factories.TicketFactory.create_batch(180, center=center)
    with django_assert_num_queries(len(counted)):
        assert read(center) == 200


def read(center) -> int:
    here = hall(center)
    assert here.wait_of_newcomer and here.wait_of(here.waiting[-1])
    return len(here.waiting)
