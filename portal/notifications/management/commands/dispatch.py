"""`manage.py dispatch`: one process that replaces Celery's workers and beat in a small installation."""

import signal
import threading
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections

from portal.celery import queue_of
from portal.notifications import upkeep
from portal.notifications.services import sending

# Seconds between polls for due messages. Shorter than beat's schedule, because nothing wakes this process up.
LOOK_EVERY = 3


class Command(BaseCommand):
    help = "Send what is due and run the other upkeep of settings.UPKEEP, again and again."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="run everything once and end")

    def handle(self, *args, once: bool, **options) -> None:
        if once:
            for name in settings.UPKEEP:
                self.stdout.write(f"{name}: {upkeep.run(name)}")
            return
        stop = threading.Event()

        def end(*_) -> None:
            stop.set()
            sending.stopping.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        # A thread per queue, so that a long job (filling the calendar) does not delay messages.
        queues = {queue_of(job) for job in settings.UPKEEP.values()}
        threads = [threading.Thread(target=self.serve, args=(queue, stop)) for queue in queues]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def serve(self, queue: str, stop: threading.Event) -> None:
        due = {name: 0.0 for name, job in settings.UPKEEP.items() if queue_of(job) == queue}
        try:
            while not stop.is_set():
                for name in due:
                    if due[name] <= time.monotonic() and not stop.is_set():
                        due[name] = time.monotonic() + self.every(name)
                        self.run(name)
                close_old_connections()
                stop.wait(1)
        finally:
            connections.close_all()

    def every(self, name: str) -> float:
        job = settings.UPKEEP[name]
        return LOOK_EVERY if name == sending.SENDING_JOB else job["every"]

    def run(self, name: str) -> None:
        try:
            upkeep.run(name)
        except Exception as error:  # one failing job must not stop the others
            self.stderr.write(f"{name}: {type(error).__name__}: {error}")
