"""S1 to S4 in process: villagers' reads and writes, compared with bare views on the same middleware and driver."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2

from tests.servers import postgres

ROOT = Path(__file__).resolve().parent.parent
SMALL, LARGE = 20, 200  # centers
ROUNDS = 15


def run(figure: str = "") -> None:
    """`figure`: "S2" for that one only."""
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        _measure("sqlite", f"sqlite:///{folder}/small.sqlite3", f"sqlite:///{folder}/large.sqlite3", figure)
        with postgres(durable=True) as url:
            _measure("postgresql", url, another(url, "large"), figure)


def _measure(database: str, url: str, other: str, figure: str) -> None:
    here = environment_of(url)
    # Test data is built in a separate process, so that it does not warm up the measured one.
    for task in ("build", figure):
        inside = [sys.executable, "-m", "benchmarks.inside.booking", database, task]
        subprocess.run(inside, env=here, cwd=ROOT, check=True)
    if figure in ("", "S1"):
        growth = _growth(here, environment_of(other))
        print(f"S1 ten times the data {database} ratio={growth:.2f} target<=1.15 {'ok' if growth <= 1.15 else 'short'}")


def _growth(small: dict[str, str], large: dict[str, str]) -> float:
    """Measures both data sets alternately, so that other load on the machine affects both."""
    worlds = [_world(small, SMALL), _world(large, LARGE)]
    rounds = [[_round(world) for world in worlds] for _round_number in range(ROUNDS)]
    for world in worlds:
        world.communicate()
    return statistics.median(of_large / of_small for of_small, of_large in rounds)


def _round(world: subprocess.Popen) -> float:
    print(file=world.stdin, flush=True)
    return float(world.stdout.readline())


def another(url: str, name: str) -> str:
    """A further database on the same server."""
    maker = psycopg2.connect(url)
    maker.autocommit = True
    maker.cursor().execute(f"CREATE DATABASE {name}")
    maker.close()
    return url.replace("/postgres?", f"/{name}?")


def environment_of(url: str) -> dict[str, str]:
    """Environment variables of a process on that database."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DEBUG": "0",
        "DEMO": "1",
        "RATE_LIMITS": "0",
        # A booking stores an SMS only where somebody sends it.
        "SMS_ADAPTER": "portal.notifications.channels.outbox.FileOutbox",
        "SECRET_KEY": "only-for-benchmarks",
        "ALLOWED_HOSTS": "*",
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    return environment


def _world(environment: dict[str, str], centers: int) -> subprocess.Popen:
    inside = [sys.executable, "-m", "benchmarks.inside.growth", str(centers)]
    return subprocess.Popen(inside, env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
