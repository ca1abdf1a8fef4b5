"""What each clever part buys, with its switch off beside on: portal/prepared.py, portal/stack.py, portal/sqlite/."""

import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial

from benchmarks.booking import environment_of
from tests.bookers import Booker
from tests.load.crowd import keep_on, p95
from tests.servers import postgres
from tests.web import ROOT, Visitor, Web, environment, web

CLIENTS, SLOTS, PLACES = 50, 200, 50
ROUNDS, SECONDS = 5, 3
SETTINGS = "benchmarks.settings"


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        requests("sqlite", f"sqlite:///{folder}/requests.sqlite3")
        queue(f"sqlite:///{folder}/queue.sqlite3")
    with postgres(durable=True) as url:
        requests("postgresql", url)


def requests(database: str, url: str) -> None:
    """In one process."""
    for module, *arguments in (["booking", database, "build"], ["switches", database]):
        inside = [sys.executable, "-m", f"benchmarks.inside.{module}", *arguments]
        subprocess.run(inside, env=environment_of(url), cwd=ROOT, check=True)


def queue(url: str) -> None:
    """SQLITE_WRITE_QUEUE: two servers on one file, booked at in turns by more clients than there are threads."""
    variables = environment(url, DJANGO_SETTINGS_MODULE=SETTINGS)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=variables, cwd=ROOT, check=True)
    command = [sys.executable, "-m", "benchmarks.inside.village", str(SLOTS), str(PLACES)]
    made = subprocess.run(command, env=variables, cwd=ROOT, check=True, capture_output=True, text=True)
    village = json.loads(made.stdout.splitlines()[-1])
    people, slots = itertools.count(), itertools.cycle(village["slots"])
    with (
        web(url, quiet=True, DJANGO_SETTINGS_MODULE=SETTINGS, SQLITE_WRITE_QUEUE="0") as off,
        web(url, quiet=True, DJANGO_SETTINGS_MODULE=SETTINGS, SQLITE_WRITE_QUEUE="1") as on,
    ):
        rounds = [[crowd(server, people, slots, village["item"]) for server in (off, on)] for _round in range(ROUNDS)]
    for at, name in enumerate(["answers a second", "p50 s", "p95 s", "slowest s"]):
        without, within = (statistics.median(found[server][at] for found in rounds) for server in (0, 1))
        print(f"SQLITE_WRITE_QUEUE: {name} off={without:.2f} on={within:.2f} off/on={without / within:.2f}", flush=True)


def crowd(server: Web, people, slots, item: str) -> tuple[float, ...]:
    seconds: list[float] = []

    def client(until: float) -> None:
        with Visitor(server.port) as visitor:
            while time.monotonic() < until:
                booker, started = Booker(next(people), next(slots), item), time.monotonic()
                booker.ask(visitor)
                seconds.append(time.monotonic() - started)

    started = time.monotonic()
    keep_on([partial(client, started + SECONDS)] * CLIENTS)
    return len(seconds) / (time.monotonic() - started), statistics.median(seconds), p95(seconds), max(seconds)


if __name__ == "__main__":
    run()
