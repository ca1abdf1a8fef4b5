"""Sending what is due. Any number of processes may do it at the same time."""

import logging
import threading
import time
from collections import deque
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from portal.celery import wake
from portal.notifications import sender_threads
from portal.notifications.channels import Transient
from portal.notifications.models import Message
from portal.notifications.sender_threads import Result, SenderThreads, hand_to_provider
from portal.notifications.services import leases

logger = logging.getLogger(__name__)

# Of settings.UPKEEP.
SENDING_JOB = "send-due-messages"

# Set when this process was told to end: what is in hand is finished, nothing more is taken.
stopping = threading.Event()

PAGE = 200
# A process that dies while it sends sends again what it had in hand. So it has one message of a channel at a time,
# unless more are due than go out like that within a minute or so, or one has been due for as long as /readyz calls
# late: then being late is worse than a rare repeat.
RUSH, LATE = 1000, timedelta(minutes=5)
# A queue without work looks for more while others are still busy, but not in every turn of the loop.
REFILL_EVERY = 1.0
# Longer than an adapter takes to give up.
ADAPTER_TIMEOUT = 15.0
# A round that sends one after another has to end: other messages wait meanwhile.
SUSPECTS = 20
# A worker of Celery learns of a SIGTERM only between rounds: with what is in hand, a round ends within the 30 s that
# it is given. One that has time left rings for the next itself.
ROUND, SUSPECTS_ROUND = 15.0, 5.0
# So many passing failures without a success in between, for each thread of a rush, and a channel rests until the next
# round.
FAILURES_BEFORE_REST = 2


def send(pk: int) -> bool:
    """Send one pending message now, in this thread. False when another sender has it, or the channel refused."""
    now = leases.database_now()
    messages = leases.acquire([pk], now)
    return bool(messages and _mark([hand_to_provider(messages[0])], None))


def dispatch(*, limit: int | None = None, seconds: float = ROUND, at: datetime | None = None) -> int:
    """Send what is due until nothing is, or time is up; returns how many were handed over.

    Safe to run twice at the same time. `at` stands in for the database's clock.
    """
    now = at or leases.database_now()
    leases.sweep(now)
    this_round = _Round(limit, seconds, at)
    sent = this_round.run()
    if this_round.was_cut_short:
        wake(SENDING_JOB)
    return sent


class _ChannelQueue:
    """One channel's share of a round."""

    def __init__(self, channel: str):
        self.channel = channel
        self.waiting: deque[int] = deque()
        self.threads = 1
        self.refill_at = 0.0
        self.failures = 0
        self.is_resting = False

    def refill(self, clock: float, at: datetime | None) -> None:
        """Read the next page of what is due, unless there is still some, or it was looked for a moment ago."""
        if self.waiting or clock < self.refill_at:
            return
        now = at or leases.database_now()
        leases.sweep(now)
        due = Message.objects.due(now).filter(channel=self.channel, strikes=0).values_list("pk", flat=True)
        self.waiting.extend(due.order_by("-is_urgent", "ready_at", "pk")[:PAGE])
        self.threads = settings.MESSAGE_THREADS if _is_rush(due, now) else 1
        if not self.waiting:
            self.refill_at = clock + REFILL_EVERY

    def record(self, error: Exception | None) -> None:
        """While a provider is not well, what is left in its queue keeps its tries for the next round."""
        if not isinstance(error, leases.TRANSIENT):
            self.failures = 0
            return
        self.failures += 1
        asked_to_wait = isinstance(error, Transient) and error.after
        self.is_resting = bool(asked_to_wait or self.failures >= FAILURES_BEFORE_REST * settings.MESSAGE_THREADS)

    def next(self, number: int) -> list[int]:
        return [self.waiting.popleft() for _ in range(min(number, len(self.waiting)))]


def _is_rush(due: QuerySet, now: datetime) -> bool:
    return due.order_by()[: RUSH + 1].count() > RUSH or due.filter(ready_at__lte=now - LATE).exists()


class _Round:
    def __init__(self, limit: int | None, seconds: float, at: datetime | None):
        self.limit, self.at = limit, at
        self.until = time.monotonic() + seconds
        self.threads: SenderThreads = sender_threads.of_process()
        self.by_channel = {channel: _ChannelQueue(channel) for channel in settings.MESSAGE_CHANNELS}
        self.taken = self.sent = 0
        self.was_cut_short = False

    def run(self) -> int:
        self._gather(0)
        while time.monotonic() < self.until and not stopping.is_set():
            started = [self._start(queue) for queue in self.by_channel.values() if not queue.is_resting]
            if not any(started) and not self.threads.busy:
                break
            self._gather(0.2)
        else:
            self.was_cut_short = not stopping.is_set()
        self._wait_for_all()
        self._send_suspects()
        return self.sent

    def _send_suspects(self) -> None:
        """Those that were in hand when a sender broke or died go alone, last: only the guilty one strikes again."""
        now = self.at or leases.database_now()
        suspects = Message.objects.due(now).filter(strikes__gt=0).values_list("pk", flat=True)
        for pk in suspects[:SUSPECTS]:
            is_over = stopping.is_set() or time.monotonic() >= self.until + SUSPECTS_ROUND
            if is_over or self.threads.busy or (self.limit is not None and self.taken >= self.limit):
                break
            for message in leases.acquire([pk], self.at or leases.database_now()):
                self.taken += 1
                self.threads.start(message)
            self._wait_for_all()

    def _wait_for_all(self) -> None:
        until = time.monotonic() + ADAPTER_TIMEOUT
        while self.threads.busy and time.monotonic() < until:
            self._gather(0.2)
        self._gather(0)

    def _start(self, queue: _ChannelQueue) -> bool:
        """Lease as many as there are free threads, so that nothing waits in a lease. True if there was work."""
        free = self.threads.free(queue.channel, queue.threads)
        if self.limit is not None:
            free = min(free, self.limit - self.taken)
        if free <= 0:
            return False
        queue.refill(time.monotonic(), self.at)
        was_work = bool(queue.waiting)
        while pks := queue.next(free):
            messages = leases.acquire(pks, self.at or leases.database_now())
            for message in messages:
                self.taken += 1
                self.threads.start(message)
            # None: another process took them since they were read. On to the next at once, not after a wait for each.
            if messages:
                break
        return was_work

    def _gather(self, wait: float) -> None:
        results = self.threads.gather(wait)
        self.sent += _mark(results, self.at)
        for result in results:
            self.by_channel[result.message.channel].record(result.error)


def _mark(results: list[Result], at: datetime | None) -> int:
    if not results:
        return 0
    now = at or leases.database_now()
    sent = [result.message for result in results if result.error is None]
    for result in results:
        if result.error:
            logger.warning("Message %s not sent: %s", result.message.pk, leases.describe(result.error))
            leases.mark_failed(result.message, result.error, now)
    return leases.mark_sent(sent, now) if sent else 0
