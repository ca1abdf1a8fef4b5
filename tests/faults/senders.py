"""Real sender processes to be killed: `python -m tests.faults.senders 2` keeps two alive, as a service manager does.

Each prints its pid when it begins. The options take guards off, for controls, or shape the trial.
"""

import argparse
import contextlib
import ctypes
import os
import signal
import sys
import time
from datetime import timedelta

import django

django.setup()

from portal.celery import app  # noqa: E402
from portal.notifications import retries, sender_threads, services  # noqa: E402
from portal.notifications.channels import http  # noqa: E402
from portal.notifications.models import Message, State  # noqa: E402
from portal.notifications.services import leases, sending  # noqa: E402


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int)
    parser.add_argument("--mark-first", action="store_true", help="control: mark as sent, then send")
    parser.add_argument("--no-lease", action="store_true", help="control: take rows without asking for them")
    parser.add_argument("--rush", action="store_true", help="take any number for a rush, and send with all threads")
    parser.add_argument("--slow-connect", type=float, default=0, help="seconds before the provider is reached")
    parser.add_argument("--first-pause", type=float, help="seconds of the first pause between tries")
    parser.add_argument("--deadly", default="", help="this number kills the process that sends to it")
    options = parser.parse_args(arguments)
    shape(options)
    alive = {begin() for _ in range(options.number)}
    signal.signal(signal.SIGTERM, lambda *_: end(alive))
    while True:
        pid, _status = os.wait()
        alive.remove(pid)
        alive.add(begin())


PR_SET_PDEATHSIG = 1


def begin() -> int:
    if pid := os.fork():
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A SIGTERM that comes before `main` knows this child would leave it behind, connected to the database (Linux only).
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.write(1, f"{os.getpid()}\n".encode())  # in one piece: two children share this pipe
    while True:
        try:
            services.dispatch(seconds=5)
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        time.sleep(0.1)


def end(alive: set[int]) -> None:
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)


def shape(options: argparse.Namespace) -> None:
    app.set_current()
    if options.mark_first:
        leases.acquire = mark_first(leases.acquire)
    if options.no_lease:
        leases.acquire = lambda pks, now: list(Message.objects.filter(pk__in=list(pks)))
    if options.rush:
        sending.RUSH = 0
    if options.first_pause:
        retries.FIRST = timedelta(seconds=options.first_pause)
    sender_threads.adapter_for = lambda channel: Slow(options.slow_connect, options.deadly)


def mark_first(take):
    def marked(pks, now):
        messages = take(pks, now)
        Message.objects.filter(pk__in=[message.pk for message in messages]).update(state=State.SENT)
        return messages

    return marked


class Slow:
    def __init__(self, connect: float, deadly: str):
        self.connect, self.deadly = connect, deadly

    def send(self, message: Message) -> None:
        if message.address == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(self.connect)
        http.Http().send(message)


if __name__ == "__main__":
    main(sys.argv[1:])
