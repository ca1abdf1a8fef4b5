"""L3: 50 clients book continuously over 200 slots. L6: bookings of several rows, and moves, in random order."""

import itertools
import random
import time
from collections import Counter
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from appointments.models import Appointment, Hold, Place, Slot
from tests import factories
from tests.appointments.steps import taken
from tests.bookers import Booker
from tests.factories.appointments import at
from tests.faults.conftest import database_url
from tests.load.conftest import FULL
from tests.load.crowd import keep_on, p95
from tests.together import together
from tests.web import Visitor, web

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 30 if FULL else 4
HALF_HOURS = [(hour, minute) for hour in (9, 10, 14, 15) for minute in (0, 30)]


def make_slots(center, number: int, places: int) -> list[Slot]:
    times = [(day, hour, minute) for day in range(2, 29) for hour, minute in HALF_HOURS][:number]
    return Slot.objects.bulk_create(
        factories.SlotFactory.build(center=center, starts_at=at(*time), online_places=places) for time in times
    )


def test_l3_fifty_clients_over_two_hundred_slots(center, item):
    slots = make_slots(center, 200, places=5)
    numbers, met, seconds = itertools.count(), Counter(), []

    def client(until: float, port: int) -> None:
        with Visitor(port) as visitor:
            while time.monotonic() < until:
                booker = Booker(next(numbers), random.choice(slots).pk, item.code)
                started = time.monotonic()
                met[booker.ask(visitor).status] += 1
                seconds.append(time.monotonic() - started)

    with web(database_url()) as server:
        until = time.monotonic() + SECONDS
        keep_on([partial(client, until, server.port)] * 50)
    print(f"L3 {dict(met)} per-second={len(seconds) / SECONDS:.0f} p95={p95(seconds):.3f}s")
    # Full slots are refused; there are no other errors, and no slot is overbooked.
    assert set(met) <= {201, 409}
    assert met[201] == Appointment.objects.count() == sum(taken(slot)[0] for slot in slots)


def test_l6_nobody_meets_a_deadlock(center, village):
    """32 clients over one day: items of one, two and three slots, and half of the bookings are moved afterwards."""
    slots = make_slots(center, 8, places=400)
    items = [factories.ServiceItemFactory(code=f"l6-{minutes}", minutes=minutes).code for minutes in (30, 60, 90)]
    numbers, met = itertools.count(), Counter()

    def client(until: float, port: int) -> None:
        with Visitor(port) as visitor:
            while time.monotonic() < until:
                booker = Booker(next(numbers), random.choice(slots).pk, random.choice(items))
                answer = booker.ask(visitor)
                met[f"book {answer.status}"] += 1
                if answer.status == 201 and random.random() < 0.5:
                    elsewhen = {"slot": random.choice(slots).pk, "phone": booker.phone}
                    moved = visitor.post(f"/api/v1/appointments/{answer.json()['code']}/move", elsewhen)
                    met[f"move {moved.status}"] += 1

    with web(database_url()) as server:
        until = time.monotonic() + SECONDS
        keep_on([partial(client, until, server.port)] * 32)
    print(f"L6 {dict(met)}")
    assert {answer.split()[1] for answer in met} <= {"200", "201", "409"}
    assert met["move 200"] > 0
    # A place left behind in a full slot is in its cooldown: nobody has it, but it counts.
    held_back = Hold.objects.filter(ended_at=None).count()
    assert sum(taken(slot)[0] for slot in slots) == Place.objects.filter(released_at=None).count() + held_back


def test_l6_control_rows_locked_in_any_order_deadlock(center):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's writers follow one another and cannot deadlock")
    slots = make_slots(center, 8, places=400)

    def careless(order: list[Slot]) -> None:
        with transaction.atomic():
            for slot in order:
                Slot.objects.filter(pk=slot.pk).update(online_taken=F("online_taken") + 1)
                time.sleep(0.02)

    answers = together(careless, [slots if number % 2 else slots[::-1] for number in range(8)])
    deadlocks = sum(isinstance(answer, DatabaseError) for answer in answers)
    print(f"L6 control deadlocks={deadlocks}")
    assert deadlocks > 0
