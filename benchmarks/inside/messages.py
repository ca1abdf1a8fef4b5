"""What benchmarks/messages.py runs in a process of its own: bookings with due reminders, and a sender.

The sweep that plans the rows and the words that are made at the hand-over are part of what is measured.
"""

import contextlib
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from appointments.models import Appointment, Channel, ServiceItem  # noqa: E402
from benchmarks.inside.booking import build  # noqa: E402
from centers.models import Center, Resident  # noqa: E402
from portal.notifications.management.commands.dispatch import Command  # noqa: E402
from portal.notifications.models import Message, State  # noqa: E402

NORMAL = 100
# The sweep runs every minute, and plans five minutes ahead.
PLANNED_WITHIN = timedelta(seconds=70)
BEFORE = timedelta(minutes=settings.REMINDERS[-1])
_numbers = itertools.count()


def main(number: int, sender: str) -> None:
    build(first=1, last=20)
    now = timezone.now()
    # Worst case: all became due within the last minute, and nothing was sent meanwhile.
    book([now - timedelta(seconds=60 * position / number) for position in range(number)])
    started = time.perf_counter()
    with SENDERS[sender]():
        wait_for(number)
        seconds = time.perf_counter() - started
        late = normal_load(number)
    print(json.dumps({"seconds": seconds, "late": late}))


@contextlib.contextmanager
def dispatcher() -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=Command().serve, args=("messages", stop))
    thread.start()
    yield
    stop.set()
    thread.join()


@contextlib.contextmanager
def celery() -> Iterator[None]:
    """A worker and a beat, as docker-compose.yml starts them; their start counts."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "celery", "-A", "portal"]
        roles = [["worker", "--concurrency=2"], ["beat", f"--schedule={folder}/schedule"]]
        running = [subprocess.Popen([*command, *role, "--loglevel=error"]) for role in roles]
        try:
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)


SENDERS = {"dispatch": dispatcher, "celery": celery}


def book(due: list[datetime]) -> None:
    """One booking for each moment, whose second reminder is due then. Minutes and not half hours: the worst case."""
    item, centers = ServiceItem.objects.get(code="renzheng"), list(Center.objects.select_related("division"))
    numbers = [next(_numbers) for _moment in due]
    people = Resident.objects.bulk_create(
        [
            Resident(division=centers[number % len(centers)].division, name="王桂兰", phone=f"139{number:08d}")
            for number in numbers
        ],
        batch_size=1000,
    )
    Appointment.objects.bulk_create(
        [
            Appointment(
                center=centers[number % len(centers)],
                item=item,
                resident=person,
                phone=person.phone,
                code=f"{100_000 + number}",
                key=f"bench-{number}",
                channel=Channel.ONLINE,
                starts_at=moment.replace(second=0, microsecond=0) + BEFORE,
                ends_at=moment.replace(second=0, microsecond=0) + BEFORE + timedelta(minutes=30),
                booked_at=moment - timedelta(days=3),
            )
            for number, person, moment in zip(numbers, people, due, strict=True)
        ],
        batch_size=1000,
    )


def normal_load(before: int) -> float:
    """A hundred that become due on the next full minute: the 95th percentile of the delay."""
    due = (timezone.now() + PLANNED_WITHIN + timedelta(minutes=1)).replace(second=0, microsecond=0)
    book([due] * NORMAL)
    wait_for(before + NORMAL)
    rows = Message.objects.filter(channel="sms", due_at=due).values_list("due_at", "sent_at")
    return statistics.quantiles([(sent - due).total_seconds() for due, sent in rows], n=20)[-1]


def wait_for(number: int) -> None:
    while Message.objects.filter(channel="sms", state=State.SENT).count() < number:
        time.sleep(0.1 if connection.vendor == "postgresql" else 0.2)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
