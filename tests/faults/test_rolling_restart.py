"""F12: rolling restart: web servers are replaced one after the other while people book (docs/operations.md)."""

import http.client
import itertools
import threading
import time
import uuid
from collections import Counter
from contextlib import ExitStack

import pytest
from django.db import connection, transaction

from appointments.models import Appointment, Slot
from tests import factories
from tests.appointments.steps import taken
from tests.bookers import Booker
from tests.factories.appointments import at
from tests.faults.conftest import FULL, database_url, wait_for
from tests.web import Visitor, Web, web

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5 if FULL else 1
CLIENTS = 12
DRAIN = 30


@pytest.fixture
def slots(center) -> list[Slot]:
    return [factories.SlotFactory(center=center, starts_at=at(3, hour), online_places=10_000) for hour in (9, 10, 14)]


class Proxy:
    """Like nginx with two upstreams: one connection a request, and the next server if the connection is refused.
    Any other error reaches the visitor.
    """

    def __init__(self, servers: list[Web]):
        self.servers = itertools.cycle(servers)
        self.number = len(servers)
        self.lock = threading.Lock()
        self.seen: Counter = Counter()

    def book(self, booker: Booker) -> None:
        for _try in range(self.number * 20):
            with self.lock:
                server = next(self.servers)
            try:
                with Visitor(server.port) as visitor:
                    booker.answer = booker.ask(visitor)
                self.seen[booker.answer.status] += 1
                return
            except ConnectionRefusedError:
                self.seen["refused"] += 1
                time.sleep(0.02)
            except (OSError, http.client.HTTPException) as error:
                self.seen[type(error).__name__] += 1
                return
        self.seen["nobody"] += 1


def test_f12_nobody_notices_a_rolling_restart(slots, item):
    numbers = itertools.count()
    done = threading.Event()
    drained = []
    with ExitStack() as stack:
        servers = [stack.enter_context(web(database_url(), workers=1)) for _number in range(2)]
        proxy = Proxy(servers)

        def keep_booking() -> None:
            while not done.is_set():
                number = next(numbers)
                proxy.book(Booker(number, slots[number % len(slots)].pk, item.code))
                time.sleep(0.05)

        clients = [threading.Thread(target=keep_booking, daemon=True) for _client in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            for server in servers * ROUNDS:
                # granian 2.8 sometimes misses a signal that arrives during a worker's very first requests; it then
                # stops after its --workers-kill-timeout.
                steady = proxy.seen[201] + 40
                wait_for(lambda steady=steady: proxy.seen[201] >= steady, seconds=30)
                drained.append(server.stop(DRAIN))
                server.start()
        finally:
            done.set()
            for client in clients:
                client.join(DRAIN)
    print(f"F12 restarts={len(drained)} slowest-drain={max(drained):.1f}s {dict(proxy.seen)}")
    assert set(proxy.seen) - {"refused"} == {201}
    assert max(drained) <= DRAIN
    assert Appointment.objects.count() == proxy.seen[201] == sum(taken(slot)[0] for slot in slots)


def test_f12_a_request_in_hand_is_finished_before_the_server_ends(slots, item):
    """It waits for a row lock when the signal arrives."""
    booker = Booker(1, slots[0].pk, item.code, key=str(uuid.uuid4()))
    with web(database_url(), workers=1) as server:
        with transaction.atomic():
            Slot.objects.filter(pk=slots[0].pk).update(online_places=9_999)
            waiting = threading.Thread(target=booker.book, args=(server.port,))
            waiting.start()
            wait_until_it_waits()
            server.process.terminate()
            time.sleep(1)
            assert server.process.poll() is None
        waiting.join(DRAIN)
        server.process.wait(DRAIN)
    assert (booker.answer.status, booker.tries) == (201, 1)


def wait_until_it_waits() -> None:
    if connection.vendor == "sqlite":
        time.sleep(1)  # SQLite has no view of waiting transactions
        return
    # Not pg_stat_activity, which is a snapshot within a transaction.
    sql = "SELECT count(*) FROM pg_locks WHERE NOT granted"

    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] > 0

    wait_for(waits, seconds=10)
