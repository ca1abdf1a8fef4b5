"""Each step on a ticket behind each other one that is not committed yet: it is taken, or refused with a sentence."""

import uuid
from collections.abc import Callable
from copy import copy
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from appointments.booking.models import Status
from appointments.desk import attendance, calling, walk_in
from appointments.models import Appointment, Ticket
from appointments.tickets import taking
from appointments.tickets.models import State
from portal import locking
from portal.invariants import invariants
from portal.ui.errors import Changed, RuleBroken
from tests import factories, locks
from tests.behind import all_behind, behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

# What an appointment is in each state of its ticket.
ALIKE = {
    State.WAITING: {Status.ARRIVED},
    State.CALLED: {Status.ARRIVED},
    State.DONE: {Status.SERVED},
    State.MISSED: {Status.MISSED},
    State.GONE: {Status.CANCELLED, Status.BOOKED},
}


@pytest.fixture
def other(village):
    return factories.ResidentFactory(division=village, name="赵德贵")


@pytest.fixture
def begin(center, cadre, resident, item):
    """Functions that give a new ticket in each of its states."""
    windows = iter(range(1, 21))

    def waiting() -> Ticket:
        return taking.issue_at_desk(center=center, by=cadre, key=uuid.uuid4().hex)

    def called() -> Ticket:
        return calling.call(ticket=waiting(), window=next(windows), by=cadre)

    def missed() -> Ticket:
        ticket = called()
        Ticket.objects.filter(pk=ticket.pk).update(called_times=calling.CALLS)
        return calling.absent(ticket=ticket, by=cadre)

    def named(begun: Callable[[], Ticket]) -> Callable[[], Ticket]:
        def begin() -> Ticket:
            ticket = begun()
            walk_in.identify(ticket=ticket, resident=resident, item=item, by=cadre)
            Ticket.objects.filter(pk=ticket.pk).update(called_times=calling.CALLS)
            return ticket

        return begin

    def named_and_missed() -> Ticket:
        return calling.absent(ticket=Ticket.objects.for_pages().get(pk=named(called)().pk), by=cadre)

    return {
        "waiting": waiting,
        "called": called,
        "missed": missed,
        "named": named(waiting),
        "named and called": named(called),
        "named and missed": named_and_missed,
    }


@pytest.fixture
def steps(cadre, resident, other, item):
    def of_appointment(mark: Callable) -> Callable:
        return lambda ticket: mark(appointment=ticket.appointment, by=cadre)

    return {
        "call": lambda ticket: calling.call(ticket=ticket, window=ticket.window or 20, by=cadre),
        "call again": lambda ticket: calling.call_again(ticket=ticket, by=cadre),
        "done": lambda ticket: calling.done(ticket=ticket, by=cadre),
        "absent": lambda ticket: calling.absent(ticket=ticket, by=cadre),
        "put back": lambda ticket: calling.put_back(ticket=ticket, by=cadre),
        "leave": lambda ticket: calling.leave(ticket=ticket, by=cadre),
        "undo": lambda ticket: calling.undo(ticket=ticket, by=cadre, seen=ticket.state),
        "name": lambda ticket: walk_in.identify(ticket=ticket, resident=resident, item=item, by=cadre),
        "name another": lambda ticket: walk_in.identify(ticket=ticket, resident=other, item=item, by=cadre),
        "served": of_appointment(attendance.serve),
        "arrived": of_appointment(attendance.arrive),
    }


# What the desk can do with a ticket in each state.
OFFERED = {
    "waiting": ("call", "done", "leave", "name", "name another"),
    "called": ("call again", "done", "put back", "leave", "undo", "name", "name another"),
    "missed": ("put back", "undo"),
    "named": ("call", "done", "leave", "served"),
    "named and called": ("call again", "done", "absent", "put back", "leave", "undo", "served"),
    "named and missed": ("put back", "undo", "arrived"),
}


def shown(ticket: Ticket) -> Ticket:
    return Ticket.objects.for_pages().get(pk=ticket.pk)


@pytest.mark.parametrize("state", OFFERED)
def test_each_step_waits_for_each_other_and_is_taken_or_refused_with_a_sentence(state, begin, steps):
    for first in OFFERED[state]:
        page = shown(begin[state]())
        others = [partial(steps[name], copy(page)) for name in OFFERED[state]]
        done, answers = all_behind(partial(steps[first], copy(page)), others)

        assert not isinstance(done, Exception), f"{first}: {done!r}"
        for name, answer in zip(OFFERED[state], answers, strict=True):
            assert not isinstance(answer, Exception) or isinstance(answer, RuleBroken), f"{name}/{first}: {answer!r}"
        now = shown(page)
        assert now.appointment is None or now.appointment.status in ALIKE[now.state], f"{first}: {now.state}"
        Ticket.objects.filter(pk=now.pk).update(window=None, called_at=None, called_by=None)  # the window is free again
    assert not [sentence for sentence, rows in invariants(timezone.now()) if rows.exists()]


@pytest.mark.parametrize("behind_state", ["waiting", "called"])
def test_who_names_a_number_that_has_just_been_named_is_told(
    behind_state, begin, cadre, resident, other, item, signed_in
):
    ticket, clients = begin[behind_state](), [signed_in(cadre), signed_in(cadre)]

    def post(client, person):
        return client.post(reverse("desk_ticket_who", args=[ticket.pk, person.pk, item.code]))

    done, answer = behind(partial(post, clients[0], resident), partial(post, clients[1], other))

    assert (done.status_code, answer.status_code) == (302, 409)
    assert "已经登记了别人。请看看名单，再给这一位另发一个号。" in answer.content.decode()
    assert Appointment.objects.get().resident == resident


def test_the_same_person_named_twice_is_one_visit(begin, cadre, resident, item, signed_in):
    ticket, clients = begin["waiting"](), [signed_in(cadre), signed_in(cadre)]

    def post(client):
        return client.post(reverse("desk_ticket_who", args=[ticket.pk, resident.pk, item.code]))

    done, answer = behind(partial(post, clients[0]), partial(post, clients[1]))

    assert (done.status_code, answer.status_code, done.url) == (302, 302, answer.url)
    assert Appointment.objects.count() == 1


def test_control_locked_together_with_its_appointment_the_ticket_seems_to_be_nobodys(begin, steps, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row locks")
    ticket, found = shown(begin["waiting"]()), []

    def over_joins(rows, pk):
        found.append(rows.select_for_update(of=("self",)).get(pk=pk))
        return found[-1]

    monkeypatch.setattr(locking, "locked", over_joins)
    behind(partial(steps["name"], copy(ticket)), partial(steps["name another"], copy(ticket)))

    assert found[-1].appointment_id and found[-1].appointment is None
    assert locks.taken()


def test_who_puts_back_a_number_that_was_just_marked_as_absent_brings_the_visit_back_too(begin, steps):
    """The page showed it as called; read before the lock, the visit would have stayed missed."""
    ticket = shown(begin["named and called"]())

    behind(partial(steps["absent"], copy(ticket)), partial(steps["put back"], copy(ticket)))

    now = shown(ticket)
    assert (now.state, now.appointment.status) == (State.WAITING, Status.ARRIVED)


def test_a_step_on_a_number_that_is_named_at_this_moment_is_refused(begin, steps):
    ticket = shown(begin["called"]())

    for name in ("done", "leave", "put back", "undo"):
        _done, answer = behind(partial(steps["name"], copy(ticket)), partial(steps[name], copy(ticket)))
        assert isinstance(answer, Changed) and "再点一次" in str(answer)
