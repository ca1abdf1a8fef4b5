"""An identified walk-in becomes an appointment; a late arrival is served. Neither occupies a place."""

import uuid

import pytest
import time_machine
from django.urls import reverse

from appointments.booking.models import Status
from appointments.desk import attendance, calling, walk_in
from appointments.models import Appointment, Channel
from appointments.tickets import taking
from portal import invariants
from portal.notifications.models import Message
from portal.ui.errors import Changed, RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(center, cadre):
    return taking.issue_at_desk(center=center, by=cadre, key=uuid.uuid4().hex)


@pytest.fixture
def visit(ticket, resident, item, cadre):
    return walk_in.identify(ticket=ticket, resident=resident, item=item, by=cadre)


def test_a_named_walk_in_is_a_visit_that_has_arrived(visit, ticket, cadre):
    assert (visit.channel, visit.status, visit.booked_by) == (Channel.WALK_IN, Status.ARRIVED, cadre)
    assert visit.ticket.number == ticket.number


def test_naming_twice_is_one_visit(visit, ticket, resident, item, cadre):
    assert walk_in.identify(ticket=ticket, resident=resident, item=item, by=cadre) == visit
    assert Appointment.objects.count() == 1


def test_a_number_that_is_somebodys_is_nobody_elses(visit, ticket, item, cadre, village):
    other = factories.ResidentFactory(division=village, name="赵德贵")
    with pytest.raises(RuleBroken, match="已经登记了别人"):
        walk_in.identify(ticket=ticket, resident=other, item=item, by=cadre)


@pytest.mark.parametrize("step", [calling.done, calling.leave, calling.absent, calling.put_back, calling.undo])
def test_a_step_on_a_number_that_was_named_meanwhile_leaves_the_two_alike(step, ticket, resident, item, cadre):
    """Two people at one ticket: it is read while anonymous, and identified by the time that its row is locked."""
    seen = calling.call(ticket=ticket, window=1, by=cadre)
    visit = walk_in.identify(ticket=ticket, resident=resident, item=item, by=cadre)

    with pytest.raises(Changed, match="刚刚登记了姓名"):
        step(ticket=seen, by=cadre)

    visit.refresh_from_db()
    assert (visit.status, visit.ticket.state) == (Status.ARRIVED, "called")


def test_who_has_gone_is_not_named(ticket, resident, item, cadre):
    calling.leave(ticket=ticket, by=cadre)
    with pytest.raises(RuleBroken, match="已经不在等了"):
        walk_in.identify(ticket=ticket, resident=resident, item=item, by=cadre)


def test_it_sends_no_confirmation_and_no_reminder(visit):
    assert not Message.objects.exists()


def test_whoever_was_served_is_invited_to_rate(visit, cadre):
    attendance.serve(appointment=visit, by=cadre)
    assert set(Message.objects.values_list("kind", flat=True)) == {"rate"}


def test_named_after_the_service_it_is_served_at_once(ticket, resident, item, cadre):
    calling.done(ticket=ticket, by=cadre)
    visit = walk_in.identify(ticket=ticket, resident=resident, item=item, by=cadre)
    assert (visit.status, visit.served_by) == (Status.SERVED, cadre)
    assert Message.objects.filter(kind="rate").exists()


def test_it_counts_towards_no_limit_of_bookings(visit, slot, item, resident, settings):
    settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = 1
    today = factories.SlotFactory(center=slot.center, starts_at=at(0, 23, 30))
    with time_machine.travel(at(0, 1)):
        assert book(today, item, resident).channel == Channel.ONLINE


def test_nothing_is_out_of_step(visit, cadre):
    assert [violation.sentence for violation in invariants.violations()] == []
    attendance.serve(appointment=visit, by=cadre)
    assert [violation.sentence for violation in invariants.violations()] == []


def test_leaving_cancels_the_visit(visit, ticket, cadre):
    ticket.refresh_from_db()
    calling.leave(ticket=ticket, by=cadre)
    visit.refresh_from_db()
    assert (visit.status, visit.cancelled_by, visit.cancel_typed_by) == (Status.CANCELLED, "villager", cadre)


def test_a_walk_in_was_never_expected(visit, cadre):
    with pytest.raises(RuleBroken, match="不等了"):
        attendance.undo(appointment=visit, by=cadre)


class TestComingLate:
    @pytest.fixture
    def missed(self, slot, item, resident, cadre):
        appointment = book(slot, item, resident)
        with time_machine.travel(at(3, 9, 15)):
            attendance.miss(appointment=appointment, by=cadre)
        return appointment

    @pytest.fixture
    def late(self, missed, cadre):
        with time_machine.travel(at(3, 9, 40)):
            return attendance.arrive(appointment=missed, by=cadre)

    def test_who_comes_late_waits_with_a_number(self, late):
        assert (late.status, late.missed_at, late.ticket.number) == (Status.ARRIVED, None, 1)

    def test_and_takes_no_place_from_anybody(self, late, slot, item):
        for _number in range(2):
            book(slot, item, factories.ResidentFactory())
        assert taken(slot) == (2, 0)

    def test_and_is_served(self, late, cadre):
        with time_machine.travel(at(3, 10)):
            assert attendance.serve(appointment=late, by=cadre).status == Status.SERVED
        assert [violation.sentence for violation in invariants.violations()] == []

    def test_taking_it_back_leaves_them_missed(self, late, cadre):
        with time_machine.travel(at(3, 9, 45)):
            again = attendance.undo(appointment=late, by=cadre)
        assert (again.status, again.missed_by, again.late_at) == (Status.MISSED, cadre, None)

    def test_the_time_of_grace_keeps_the_place(self, slot, item, resident, cadre):
        appointment = book(slot, item, resident)
        with time_machine.travel(at(3, 9, 5)), pytest.raises(RuleBroken, match="上午9:10还没来"):
            attendance.miss(appointment=appointment, by=cadre)
        assert taken(slot) == (1, 0)


class TestWhoDidNotHearTheirNumber:
    """They have come: nobody calls them before the next time to ask whether they do."""

    @pytest.fixture
    def unheard(self, visit, ticket, cadre):
        calling.call(ticket=ticket, window=1, by=cadre)
        for _more in range(2):
            calling.call_again(ticket=ticket, by=cadre)
        calling.absent(ticket=visit.ticket, by=cadre)
        return visit

    def test_has_missed_nothing_on_the_board(self, unheard):
        assert Appointment.objects.with_misses().get(pk=unheard.pk).missed_lately == 0

    def test_has_missed_nothing_when_they_book_again(self, unheard, signed_in, cadre, resident, item):
        page = signed_in(cadre).get(reverse("desk_book_time", args=[resident.pk, item.code]))
        assert page.context["missed"] == 0
