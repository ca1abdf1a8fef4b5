"""L2, L3 and S10 on a real web server: a popular slot; 50 clients compared with an empty page; memory."""

import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

from tests.bookers import Booker
from tests.load.crowd import arrive, keep_on, p95, statuses
from tests.servers import postgres
from tests.web import ROOT, Visitor, environment, web

PEOPLE, ARRIVAL, PLACES = 500, 10, 50
CLIENTS, SLOTS = 50, 200
ROUNDS, SECONDS = 5, 3
SETTINGS = "benchmarks.settings"


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        measure("sqlite", f"sqlite:///{folder}/bench.sqlite3")
    with postgres(durable=True) as url:
        measure("postgresql", url)


def measure(database: str, url: str) -> None:
    village = build_village(environment(url, DJANGO_SETTINGS_MODULE=SETTINGS), SLOTS, PLACES)
    numbers = itertools.count()
    with web(url, quiet=True, DJANGO_SETTINGS_MODULE=SETTINGS) as server:
        steady(database, server.port, village, numbers)
        popular(database, server.port, village, numbers)
        memory(database, server.workers())


def build_village(variables: dict[str, str], slots: int, places: int) -> dict:
    """See benchmarks.inside.village. In a process of its own."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=variables, cwd=ROOT, check=True)
    command = [sys.executable, "-m", "benchmarks.inside.village", str(slots), str(places)]
    made = subprocess.run(command, env=variables, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(made.stdout.splitlines()[-1])


def popular(database: str, port: int, village: dict, numbers) -> None:
    bookers = [Booker(next(numbers), village["popular"], village["item"]) for _ in range(PEOPLE)]
    arrive(bookers, port, ARRIVAL)
    tail = p95([booker.seconds for booker in bookers])
    exact = statuses(bookers) == {201: PLACES, 409: PEOPLE - PLACES} and all(booker.tries == 1 for booker in bookers)
    print(
        f"L2 {PEOPLE} people in {ARRIVAL} s {database} p95={tail:.2f}s target=1s {'ok' if tail <= 1 else 'short'}"
        f" exact={'yes' if exact else 'no'}",
        flush=True,
    )


def steady(database: str, port: int, village: dict, numbers) -> None:
    """Alternately, so that other load on the machine affects both."""
    cookie = {"Cookie": f"sessionid={village['session']}"}
    slots = itertools.cycle(village["slots"])
    rates: dict[str, list[float]] = {"page": [], "book": []}
    seconds: list[float] = []
    met: Counter = Counter()

    def client(until: float, kind: str) -> None:
        with Visitor(port) as visitor:
            while time.monotonic() < until:
                started = time.monotonic()
                if kind == "page":
                    met[f"page {visitor.get('/bare/signed-in/', **cookie).status}"] += 1
                else:
                    booker = Booker(next(numbers), next(slots), village["item"])
                    met[f"book {booker.ask(visitor).status}"] += 1
                    seconds.append(time.monotonic() - started)

    for _round in range(ROUNDS):
        for kind, rate in rates.items():
            before, started = met.total(), time.monotonic()
            keep_on([partial(client, started + SECONDS, kind)] * CLIENTS)
            rate.append((met.total() - before) / (time.monotonic() - started))
    ratio = statistics.median(rates["book"]) / statistics.median(rates["page"])
    tail = p95(seconds)
    print(
        f"L3 {CLIENTS} clients over {SLOTS} slots {database} ratio={ratio:.2f} target>=0.5"
        f" {'ok' if ratio >= 0.5 else 'short'} p95={tail:.2f}s target=0.5s {'ok' if tail <= 0.5 else 'short'}"
        f" per-second={statistics.median(rates['book']):.0f} {dict(met)}",
        flush=True,
    )


def memory(database: str, workers: list[int]) -> None:
    """PSS of both workers after the load (shared memory counted once)."""
    total = sum(pss(pid) for pid in workers) / 1024
    verdict = "ok" if total <= 220 else "short"
    print(f"S10 {len(workers)} workers, warm {database} pss={total:.0f}MB target=220MB {verdict}", flush=True)


def pss(pid: int) -> int:
    """In KB."""
    return int(re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])
