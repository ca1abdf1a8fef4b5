"""The embedded default: one loop that does what Celery's worker and beat do in a larger place."""

import signal
import threading
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Send what is due and run the other upkeep of settings.UPKEEP, again and again."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="run everything once and end")

    def handle(self, *args, once: bool, **options) -> None:
        if once:
            for name, job in settings.UPKEEP.items():
                self.stdout.write(f"{name}: {import_string(job['run'])()}")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        due = dict.fromkeys(settings.UPKEEP, 0.0)
        while not stop.is_set():
            for name, job in settings.UPKEEP.items():
                if due[name] <= time.monotonic():
                    due[name] = time.monotonic() + self.every(name, job)
                    self.run(name, job)
            close_old_connections()
            stop.wait(1)

    def every(self, name: str, job: dict) -> float:
        """Nobody wakes this loop after a commit, so it looks for messages more often than beat does."""
        return 5 if name == "send-due-messages" else job["every"]

    def run(self, name: str, job: dict) -> None:
        try:
            import_string(job["run"])()
        except Exception as error:  # one failing job must not stop the messages of all others
            self.stderr.write(f"{name}: {type(error).__name__}: {error}")
