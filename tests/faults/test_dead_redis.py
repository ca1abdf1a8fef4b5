"""F3: Redis is killed, frozen or flushed while people book. Messages are rows, so only the wake-up is lost.

F2: with Redis running, the workers are killed.
"""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from celery import Celery
from redis import Redis

from portal import celery
from portal.notifications import services
from portal.notifications.models import Message
from tests import factories, servers
from tests.appointments.villager import book
from tests.factories.appointments import at
from tests.faults.conftest import FULL, celery_process, environment, wait_for
from tests.faults.planned import is_under_way, plan, states

pytestmark = pytest.mark.django_db(transaction=True)

BOOKINGS = 40 if FULL else 8
MESSAGES, KILLS = (400, 10) if FULL else (120, 1)
PATIENCE = 20


@pytest.fixture
def redis_url(settings, monkeypatch, item) -> Iterator[str]:
    """A Redis of this test, to which this process's `wake` connects."""
    with servers.redis() as url:
        settings.REDIS_URL = url
        settings.RATE_LIMITS = False  # all of these bookings come from one IP address
        settings.BOOKING_LIMIT_PER_PHONE_AND_DAY = settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = 1000
        fresh = Celery("fault", set_as_current=False)
        fresh.add_defaults(celery.defaults)
        monkeypatch.setattr(celery, "app", fresh)
        monkeypatch.setattr(celery, "_silent_until", 0.0)
        yield url
        fresh.close()


def pid_of(url: str) -> int:
    with Redis.from_url(url) as redis:
        return redis.info()["process_id"]


def book_all(client, center, item) -> list[float]:
    """Book over and over through the public pages; returns the seconds of each. None may fail."""
    took = []
    slots = [factories.SlotFactory(center=center, starts_at=at(2 + number, 9)) for number in range(BOOKINGS)]
    for slot in slots:
        started = time.perf_counter()
        assert book(client, slot, item).status_code == 302
        took.append(time.perf_counter() - started)
    return took


def confirmed() -> list[str]:
    return sorted(Message.objects.filter(kind="confirmed", channel="sms").values_list("state", flat=True))


def test_f3_a_booking_wakes_a_worker_that_sends_at_once(redis_url, provider, client, center, item):
    with worker(redis_url, provider):
        book(client, factories.SlotFactory(center=center, starts_at=at(3, 9)), item)
        # No beat and no dispatcher runs here: only the wake-up can have started the worker.
        wait_for(lambda: confirmed() == ["sent"], seconds=PATIENCE)
    assert len(provider.received) == 1


def test_f3_killed_redis_costs_no_booking_and_no_message(redis_url, provider, client, center, item):
    os.kill(pid_of(redis_url), signal.SIGKILL)
    took = book_all(client, center, item)
    print(f"F3 killed bookings={len(took)} slowest={max(took):.2f}s failed=0")
    assert confirmed() == ["pending"] * BOOKINGS
    services.dispatch()
    assert confirmed() == ["sent"] * BOOKINGS
    assert max(took) < 1.5


def test_f3_a_frozen_redis_is_waited_for_once(redis_url, provider, client, center, item):
    pid = pid_of(redis_url)
    os.kill(pid, signal.SIGSTOP)
    try:
        started = time.perf_counter()
        rung = [celery.wake("send-due-messages") for _ in range(20)]
        took = time.perf_counter() - started
    finally:
        os.kill(pid, signal.SIGCONT)
    print(f"F3 frozen twenty rings in {took:.2f}s")
    assert not any(rung) and took < 1


def test_f3_a_flushed_redis_loses_wake_ups_and_no_messages(redis_url, provider, client, center, item):
    book_all(client, center, item)
    with Redis.from_url(redis_url) as redis:
        assert redis.llen("messages") == BOOKINGS
        assert redis.llen("upkeep") == 0
        redis.flushall()
    services.dispatch()
    assert confirmed() == ["sent"] * BOOKINGS


def test_f2_killed_workers_lose_no_message(redis_url, provider):
    plan(MESSAGES)
    for kill in range(1, KILLS + 1):
        with worker(redis_url, provider) as process:
            celery.wake("send-due-messages")
            reached = kill * MESSAGES // (KILLS + 1)
            wait_for(lambda reached=reached: len(provider.received) >= reached)
            os.killpg(process.pid, signal.SIGKILL)
    with worker(redis_url, provider):
        wait_for(lambda: celery.wake("send-due-messages") and not pause() and not is_under_way())
    print(f"F2 workers messages={MESSAGES} kills={KILLS} repeats={provider.repeats} {states()}")
    assert (states(), len(provider.people)) == ({"sent": MESSAGES}, MESSAGES)
    assert provider.repeats <= KILLS


def pause() -> None:
    """Like beat: wake the queue again after a while."""
    time.sleep(1)


def worker(url: str, provider):
    return celery_process(environment(provider, REDIS_URL=url), "worker", "--pool=solo")
