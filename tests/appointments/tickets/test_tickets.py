"""Tickets of the day: numbers are unique and without gaps, and an arrival gets one."""

import uuid
from threading import Barrier

import pytest
import time_machine
from django.utils import timezone

from appointments.desk import attendance
from appointments.models import QueueDay, Ticket
from appointments.tickets import services as tickets
from appointments.tickets import taking
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at
from tests.together import together

pytestmark = pytest.mark.django_db
CLIENTS = 32


def take(center, cadre, **more) -> Ticket:
    return taking.issue_at_desk(center=center, by=cadre, **{"key": uuid.uuid4().hex, **more})


def test_numbers_are_consecutive(center, cadre):
    assert [take(center, cadre).number for _tap in range(3)] == [1, 2, 3]


def test_another_center_counts_for_itself(center, other_center, cadre):
    take(center, cadre)
    assert take(other_center, cadre).number == 1


def test_the_next_day_begins_anew(center, cadre):
    take(center, cadre)
    with time_machine.travel(at(1, 9)):
        assert take(center, cadre).number == 1


def test_a_double_tap_is_one_number(center, cadre):
    assert take(center, cadre, key="one").pk == take(center, cadre, key="one").pk
    assert QueueDay.objects.get().last_number == 1


def test_an_arrival_has_a_ticket(center, item, resident, cadre):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    attendance.arrive(appointment=visit, by=cadre)
    attendance.arrive(appointment=visit, by=cadre)
    assert [ticket.number for ticket in Ticket.objects.filter(appointment=visit)] == [1]


def test_who_is_marked_again_after_a_slip_of_the_finger_keeps_the_number(center, item, resident, cadre):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    attendance.arrive(appointment=visit, by=cadre)
    attendance.undo(appointment=visit, by=cadre)
    assert Ticket.objects.get().left_at is not None
    attendance.arrive(appointment=visit, by=cadre)
    assert (Ticket.objects.get().number, Ticket.objects.get().is_waiting) == (1, True)


def test_who_comes_on_another_day_after_all_has_a_number_of_that_day(center, item, resident, cadre):
    slot = factories.SlotFactory(center=center, starts_at=at(1, 9))
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    attendance.arrive(appointment=visit, by=cadre)
    attendance.undo(appointment=visit, by=cadre)
    visit.starts_at, visit.ends_at = slot.starts_at, slot.ends_at
    visit.save()
    with time_machine.travel(at(1, 9)):
        take(center, cadre)
        attendance.arrive(appointment=visit, by=cadre)
    assert (Ticket.objects.get(appointment=visit).number, Ticket.objects.get(appointment=visit).day) == (
        2,
        timezone.localdate(slot.starts_at),
    )


def test_what_is_written_down_on_a_later_day_gets_no_number(center, item, resident, cadre):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(-1, 9))
    attendance.serve(appointment=visit, by=cadre)
    attendance.arrive(appointment=visit, by=cadre)
    assert not Ticket.objects.exists()


def test_serving_closes_the_number_and_taking_it_back_opens_it(center, item, resident, cadre):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    attendance.arrive(appointment=visit, by=cadre)
    attendance.serve(appointment=visit, by=cadre)
    assert Ticket.objects.get().state == "served"
    attendance.undo(appointment=visit, by=cadre)
    assert Ticket.objects.get().state == "arrived"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_no_number_is_given_twice_to_thirty_two_clients(center, cadre):
    given = together(lambda _: take(center, cadre), range(CLIENTS))
    assert sorted(ticket.number for ticket in given) == list(range(1, CLIENTS + 1))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_counting_on_from_the_highest_number_repeats_numbers(center, cadre):
    """Check-then-act: read the last number, add one, write."""
    all_have_read = Barrier(CLIENTS, timeout=60)

    def careless(_) -> int:
        last = Ticket.objects.of_day(center, timezone.localdate()).order_by("-number").first()
        all_have_read.wait()
        return (last.number if last else 0) + 1

    assert len(set(together(careless, range(CLIENTS)))) < CLIENTS


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_form_sent_sixteen_times_at_once_is_one_number(center, cadre):
    given = together(lambda _: take(center, cadre, key="one form"), range(16))
    assert {ticket.pk for ticket in given} == {Ticket.objects.get().pk}
    assert QueueDay.objects.get().last_number == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixteen_marks_at_once_are_one_number(center, item, resident, cadre):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    together(lambda _: attendance.arrive(appointment=visit, by=cadre), range(16))
    assert Ticket.objects.get().number == 1


def test_the_database_itself_refuses_a_number_twice(center, cadre):
    first = take(center, cadre)
    with pytest.raises(Exception, match="number"):
        factories.TicketFactory(center=center, number=first.number)


def test_a_number_that_was_rolled_back_leaves_no_gap(center, cadre, monkeypatch):
    take(center, cadre)
    monkeypatch.setattr(Ticket, "clean_fields", lambda *_args, **_more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tickets.issue(center=center, key="broken", now=timezone.now())
    monkeypatch.undo()
    assert take(center, cadre).number == 2


def test_a_number_costs_no_place(center, cadre, item, resident, slot):
    take(center, cadre)
    book(slot, item, resident)
    slot.refresh_from_db()
    assert (slot.online_taken, slot.desk_taken) == (1, 0)
