"""F1: kill -9 of web workers during bookings that are retried with an idempotency key. F5: the SQLite file then."""

import os
import random
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from appointments.booking import messages, reminders
from appointments.booking import services as booking
from appointments.models import Appointment, Slot
from portal.notifications.models import Message
from tests import factories
from tests.appointments.steps import taken
from tests.bookers import Booker
from tests.factories.appointments import at
from tests.faults.conftest import FULL, database_url
from tests.together import together
from tests.web import Web, shipped_command, web

pytestmark = pytest.mark.django_db(transaction=True)

BOOKINGS, KILLS, SECONDS = (900, 250, 600) if FULL else (90, 6, 30)
CLIENTS = 8
# Delay between commit and response, so that kills fall into it.
PAUSE = 0.1


@pytest.fixture
def slots(center) -> list[Slot]:
    """Enough places, with bookings of more than one row."""
    hours = [(day, hour) for day in (3, 4, 5) for hour in (9, 10, 14)]
    return [
        factories.SlotFactory(center=center, starts_at=at(day, hour), online_places=BOOKINGS) for day, hour in hours
    ]


def supervised() -> list[str]:
    options = shipped_command()[3:-1]
    return [sys.executable, "-W", "ignore", "-m", "tests.faults.web_supervisor", *options]


def book_under_kills(
    slots: list[Slot],
    item,
    folder: Path,
    pause: float = PAUSE,
    kills: int = KILLS,
    before_again: Callable = lambda booker: None,
) -> tuple[list[Booker], int]:
    bookers = [Booker(number, slots[number % len(slots)].pk, item.code) for number in range(BOOKINGS)]
    done = threading.Event()
    with (
        web(database_url(), command=supervised(), SLOW_ANSWER=str(pause), IN_HAND=str(folder)) as server,
        ThreadPoolExecutor(CLIENTS + 1) as pool,
    ):
        killing = pool.submit(kill_workers, server, kills, folder if pause else None, done)
        try:
            list(pool.map(lambda booker: booker.book(server.port, before_again), bookers))
        finally:
            done.set()
        return bookers, killing.result()


def kill_workers(server: Web, kills: int, in_hand: Path | None, done: threading.Event) -> int:
    """Kill at irregular moments while people book, every other time between a commit and its response."""
    killed, until = 0, time.monotonic() + SECONDS
    while killed < kills and time.monotonic() < until and not done.wait(random.uniform(0.02, 0.3)):
        workers = server.workers()
        if in_hand and killed % 2:
            workers = [pid for pid in workers if (in_hand / str(pid)).exists()]
        if workers:
            os.kill(random.choice(workers), signal.SIGKILL)
            killed += 1
    return killed


def assert_every_promise_is_kept_once(bookers: list[Booker], slots: list[Slot]) -> None:
    # 1. Everybody got a response, and it is true.
    assert {booker.phone: booker.code for booker in bookers} == dict(Appointment.objects.values_list("phone", "code"))
    # 2. No duplicates, and counters equal the rows.
    assert Appointment.objects.count() == BOOKINGS == sum(taken(slot)[0] for slot in slots)
    # 3. Each has one confirmation, to the inbox and by SMS, and no reminder before its hour.
    plans = Message.objects.values_list("subject", "kind", "channel")
    assert len(plans) == len(set(plans)) == BOOKINGS * 2
    assert {kind for _subject, kind, _channel in plans} == {"confirmed"}


def sweep_twice_at_once(slots: list[Slot]) -> list[tuple]:
    """At each hour of a reminder, once every seventh booking is cancelled; the reminders by SMS."""
    for appointment in Appointment.objects.order_by("pk")[::7]:
        booking.cancel(appointment=appointment)
    starts = {slot.starts_at for slot in slots}
    hours = sorted({start - timedelta(minutes=minutes) for start in starts for minutes in settings.REMINDERS})
    for hour in hours:
        together(sweep, [hour] * 2)
    told = Message.objects.filter(kind="reminder", channel="sms")
    return list(told.values_list("subject", "due_at"))


def sweep(moment: datetime) -> int:
    return reminders.plan_due(moment, since=moment - reminders.LATELY)


def standing_with_their_hours() -> list[tuple]:
    rows = Appointment.objects.filter(cancelled_at=None).values_list("pk", "starts_at")
    return [
        (f"appointment:{pk}", start - timedelta(minutes=minutes))
        for pk, start in rows
        for minutes in settings.REMINDERS
    ]


def test_f1_nothing_acknowledged_is_lost_and_nothing_is_booked_twice(slots, item, tmp_path):
    bookers, kills = book_under_kills(slots, item, tmp_path)
    repeats = sum(booker.answer.status == 200 for booker in bookers)
    print(f"F1 bookings={BOOKINGS} kills={kills} sent={sum(b.tries for b in bookers)} already-there={repeats}")
    assert kills > 0
    assert_every_promise_is_kept_once(bookers, slots)
    told = sweep_twice_at_once(slots)
    print(f"F1 reminders={len(told)}")
    assert sorted(told) == sorted(standing_with_their_hours())


def test_f1_control_sweeps_without_the_key_remind_twice(slots, item, monkeypatch):
    """NULL is no part of a unique key: both sweeps find no row, and each writes its own."""
    for slot in slots:
        for _person in range(5):
            resident = factories.ResidentFactory()
            factories.AppointmentFactory(center=slot.center, item=item, resident=resident, starts_at=slot.starts_at)
    reminder = messages.reminder
    monkeypatch.setattr(messages, "reminder", lambda *about: [one._replace(occasion=None) for one in reminder(*about)])
    twice = len(sweep_twice_at_once(slots)) - len(standing_with_their_hours())
    print(f"F1 control reminders too many={twice}")
    assert twice > 0


def test_f1_control_people_who_start_anew_book_twice(slots, item, tmp_path):
    """Somebody without a response picks another time with a new form: only the key could show that it is a retry."""
    others = {slot.pk: following.pk for slot, following in zip(slots, [*slots[1:], slots[0]], strict=True)}

    def start_anew(booker: Booker) -> None:
        booker.key, booker.slot = str(uuid.uuid4()), others[booker.slot]

    _bookers, kills = book_under_kills(slots, item, tmp_path, before_again=start_anew)
    twice = Appointment.objects.count() - BOOKINGS
    print(f"F1 control bookings={BOOKINGS} kills={kills} twice={twice}")
    assert twice > 0


def test_f5_an_sqlite_file_is_whole_after_its_writers_were_killed_in_their_commits(slots, item, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite's file; F4 is PostgreSQL's")
    bookers, kills = book_under_kills(slots, item, tmp_path, pause=0, kills=100 if FULL else 6)
    print(f"F5 bookings={BOOKINGS} kills={kills} sent={sum(b.tries for b in bookers)}")
    assert kills > 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]
        cursor.execute("PRAGMA foreign_key_check")
        assert cursor.fetchall() == []
    assert_every_promise_is_kept_once(bookers, slots)
