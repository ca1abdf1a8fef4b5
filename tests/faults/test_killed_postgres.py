"""F4: kill -9 of all PostgreSQL processes, and crash recovery."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
from django.conf import settings

from tests.bookers import Booker
from tests.faults.conftest import FULL, wait_for
from tests.servers import import_pgserver, postgres
from tests.web import ROOT, Visitor, below, environment, web

BOOKINGS, KILLS = (400, 10) if FULL else (60, 1)
CLIENTS = 8


@pytest.fixture(scope="module", autouse=True)
def _once_a_run():
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        pytest.skip("runs with PostgreSQL's tests; F5 is SQLite's")


class Postgres:
    """A server of this test with durable commits; `kill` gives it no time to shut down."""

    def __init__(self, url: str):
        self.url = url
        self.data = Path(parse_qs(urlsplit(url).query)["host"][0])

    def kill(self) -> None:
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        for pid in [postmaster, *below(postmaster)]:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not Path(f"/proc/{postmaster}").exists(), seconds=10)

    def begin_again(self) -> None:
        import_pgserver().get_server(self.data).ensure_postgres_running()

    def query(self, sql: str) -> list[tuple]:
        connection = psycopg2.connect(self.url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def server():
    with postgres(durable=True) as url:
        yield Postgres(url)


@pytest.fixture(scope="module")
def village(server) -> dict:
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults.village"]
    done = subprocess.run(
        command, env=environment(server.url), cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=120
    )
    return json.loads(done.stdout.splitlines()[-1])


def kill_when_half_are_booked(server: Postgres, bookers: list[Booker]) -> None:
    for kill in range(1, KILLS + 1):
        wait_for(lambda kill=kill: sum(b.answer is not None for b in bookers) >= kill * BOOKINGS // (KILLS + 1))
        server.kill()
        time.sleep(0.5)
        server.begin_again()


def test_f4_no_acknowledged_booking_is_missing(server, village):
    bookers = [Booker(n, village["slots"][n % 4], village["item"]) for n in range(BOOKINGS)]
    with web(server.url) as site, ThreadPoolExecutor(CLIENTS) as pool:
        killer = threading.Thread(target=kill_when_half_are_booked, args=(server, bookers))
        killer.start()
        list(pool.map(lambda booker: booker.book(site.port), bookers))
        killer.join()
    tries = sum(booker.tries for booker in bookers)
    met = {status for booker in bookers for status in booker.met}
    print(f"F4 bookings={BOOKINGS} kills={KILLS} sent={tries} met={sorted(met)}")
    # 1. Each booking was acknowledged in the end, exactly once; errors in between were messages and no 500.
    kept = server.query("SELECT phone, code FROM appointments_appointment")
    assert sorted(kept) == sorted((booker.phone, booker.code) for booker in bookers)
    assert tries > BOOKINGS and met == {503}
    # 2. Counters equal the rows.
    counted = server.query("SELECT sum(online_taken) FROM appointments_slot")
    held = server.query("SELECT count(*) FROM appointments_place WHERE released_at IS NULL")
    assert counted == held == [(BOOKINGS,)]


def answers_after_a_restart(server: Postgres, village: dict, **variables: str) -> list[int]:
    """Every thread had an idle connection while PostgreSQL was down."""
    with web(server.url, workers=1, **variables) as site, ThreadPoolExecutor(CLIENTS) as pool:

        def ask(_) -> int:
            with Visitor(site.port) as visitor:
                return visitor.get(f"/api/v1/centers/{village['center']}").status

        assert set(pool.map(ask, range(CLIENTS * 4))) == {200}
        server.kill()
        server.begin_again()
        return list(pool.map(ask, range(CLIENTS)))


def test_f4_the_first_request_afterwards_is_answered(server, village):
    assert set(answers_after_a_restart(server, village)) == {200}


def test_f4_control_unchecked_connections_fail_the_first_request(server, village):
    assert 503 in answers_after_a_restart(server, village, CONN_HEALTH_CHECKS="0")
