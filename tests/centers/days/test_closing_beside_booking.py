"""A closure beside bookings, cancellations and moves: nobody stays in a closed time unheard, and nothing deadlocks."""

import pytest
from django.db import transaction

from appointments.booking import services as booking
from appointments.booking.displaced import displaced
from appointments.models import Appointment, Slot
from centers.services import closures
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


@pytest.fixture
def open_center(center, item):
    factories.open_on(center, *range(7))
    return center


def times(center, day: int = 3) -> list[Slot]:
    return list(Slot.objects.filter(center=center, starts_at__date=at(day, 0).date()).order_by("starts_at"))


def ask(center, manager, day: int = 3):
    return closures.request(center=center, starts_at=at(day, 0), ends_at=at(day + 1, 0), reason="other", by=manager)


def told(row: Appointment) -> bool:
    return Message.objects.filter(subject=f"appointment:{row.pk}", kind="closed").exists()


def test_whoever_books_while_it_closes_is_refused_or_told(open_center, item, manager, officer):
    for number in range(ROUNDS):
        day = 3 + number
        closure = ask(open_center, manager, day)
        people = factories.ResidentFactory.create_batch(4, division=open_center.division)
        slots = times(open_center, day)
        acts = [lambda closure=closure: closures.approve(closure=closure, by=officer)]
        acts += [lambda slot=slot, one=one: book(slot, item, one) for slot, one in zip(slots, people, strict=False)]

        answers = together(lambda act: act(), acts)

        assert all(not isinstance(answer, Exception) or isinstance(answer, RuleBroken) for answer in answers), answers
        standing = Appointment.objects.filter(starts_at__date=at(day, 0).date())
        assert set(displaced().filter(starts_at__date=at(day, 0).date())) == set(standing)
        assert all(told(row) for row in standing)


def test_who_cancels_or_moves_while_it_closes_meets_no_deadlock(open_center, item, manager, officer):
    for number in range(ROUNDS):
        day = 3 + 2 * number
        people = factories.ResidentFactory.create_batch(4, division=open_center.division)
        slots, later = times(open_center, day), times(open_center, day + 1)
        booked = [book(slot, item, one) for slot, one in zip(slots, people, strict=False)]
        closure = ask(open_center, manager, day)
        acts = [lambda closure=closure: closures.approve(closure=closure, by=officer)]
        acts += [lambda row=row: booking.cancel(appointment=row) for row in booked[:2]]
        acts += [
            lambda row=row, slot=slot: booking.move(appointment=row, slot=slot)
            for row, slot in zip(booked[2:], later, strict=False)
        ]

        answers = together(lambda act: act(), acts)

        assert all(not isinstance(answer, Exception) or isinstance(answer, RuleBroken) for answer in answers), answers
        assert not displaced().filter(starts_at__date=at(day, 0).date()).exists()


def test_control_looking_before_the_slots_are_locked_misses_who_books_meanwhile(open_center, item, manager, officer):
    """Were people looked for before the slots are closed, a booking in between would never be told."""
    closure, slot = ask(open_center, manager), times(open_center)[0]
    with transaction.atomic():
        seen = list(Appointment.objects.filter(center=open_center))
        book(slot, item, factories.ResidentFactory(division=open_center.division))
    closures.approve(closure=closure, by=officer)

    assert seen == []
    assert displaced().count() == 1
