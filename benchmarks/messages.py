"""S9: 10,000 reminders due in one minute, a provider answering in 20 ms; `dispatch` on both databases, and Celery."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.provider import Provider
from tests.servers import postgres, redis

REMINDERS = 10_000
TARGET = 300
NORMAL = 10
NORMAL_LOAD = 100
ROOT = Path(__file__).resolve().parent.parent


def run() -> None:
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        report("sqlite", f"sqlite:///{folder}/bench.sqlite3")
    with postgres(durable=True) as url:
        report("postgresql", url)
    with postgres(durable=True) as url, redis() as broker:
        report("postgresql", url, broker)


def report(database: str, url: str, broker: str = "") -> None:
    sender = "celery" if broker else "dispatch"
    with Provider(delay=0.02) as provider:
        environment = {
            **os.environ,
            "DEBUG": "0",
            "SECRET_KEY": "only-for-benchmarks",
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "SMS_URL": provider.url,
            "REDIS_URL": broker,
            "QUIET_HOURS": "00:00-00:00",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        command = [sys.executable, "-m", "benchmarks.inside.messages", str(REMINDERS), sender]
        done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
        measured = json.loads(done.stdout.splitlines()[-1])
        once = len(provider.received) == len(provider.people) == REMINDERS + NORMAL_LOAD
    good = once and measured["seconds"] <= TARGET
    print(
        f"S9 reminders {database} {sender} seconds={measured['seconds']:.0f} target={TARGET}"
        f" {'ok' if good else 'short'} each-once={'yes' if once else 'no'}",
        flush=True,
    )
    good = measured["late"] <= NORMAL
    print(
        f"S9 normal-load {database} {sender} p95={measured['late']:.1f}s target={NORMAL}s {'ok' if good else 'short'}",
        flush=True,
    )
