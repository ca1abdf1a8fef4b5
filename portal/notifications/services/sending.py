"""Sends due messages, in rounds: words, lease, hand over, mark. Any number of processes may run in parallel."""

import logging
import threading
import time
from collections import deque
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from portal.celery import wake
from portal.notifications import sender_threads
from portal.notifications.channels import Transient, with_provider
from portal.notifications.models import Message
from portal.notifications.sender_threads import Result, SenderThreads, hand_to_provider
from portal.notifications.services import leases, wording

logger = logging.getLogger(__name__)

# Key in settings.UPKEEP.
SENDING_JOB = "send-due-messages"

# Set on SIGTERM (graceful shutdown): sends in progress finish, no further messages are leased.
stopping = threading.Event()

PAGE = 200
# One message at a time per channel, because a crash repeats every message in progress. MESSAGE_THREADS at a time if
# more than RUSH are due (over a minute's work) or one is overdue by LATE (when /readyz fails).
RUSH, LATE = 1000, timedelta(minutes=5)
# Seconds between polls of a channel whose queue is empty while other channels are busy.
REFILL_EVERY = 1.0
# Seconds to wait for sends in progress; longer than any adapter's own timeout.
WAIT_FOR_SENDS = 15.0
# Suspects per round. They have strikes: an earlier attempt crashed its sender or failed with an unexpected error. They
# are sent one by one, while other messages wait.
SUSPECTS = 20
# Seconds. A Celery worker handles SIGTERM only between rounds, so that a round must end within the 30 s before
# SIGKILL. A round that is cut short enqueues the next one.
ROUND, SUSPECTS_ROUND = 15.0, 5.0
# Circuit breaker: a channel pauses until the next round after this many transient failures in a row, times
# MESSAGE_THREADS.
FAILURES_BEFORE_PAUSE = 2


def send(pk: int) -> bool:
    """Send one pending message in this thread. False when another sender has leased it, or sending failed."""
    now = leases.database_now()
    messages = leases.acquire([pk], now)
    return bool(messages and _mark([hand_to_provider(messages[0])], None))


def dispatch(*, limit: int | None = None, seconds: float = ROUND, at: datetime | None = None) -> int:
    """Send due messages until there are none, or for `seconds`; returns how many were sent.

    Safe to run in parallel. `limit` is the maximum number; `at` replaces the database's clock.
    """
    now = at or leases.database_now()
    leases.sweep(now)
    leases.take_from_lost_channels()
    this_round = _Round(limit, seconds, at)
    sent = this_round.run()
    if this_round.was_cut_short:
        wake(SENDING_JOB)
    return sent


class _ChannelQueue:
    """The due messages of one channel within a round."""

    def __init__(self, channel: str):
        self.channel = channel
        self.waiting: deque[int] = deque()
        self.concurrency = 1
        self.refill_at = 0.0
        self.failures = 0
        self.is_paused = False

    def refill(self, clock: float, at: datetime | None) -> None:
        """Read the next page of due messages if the queue is empty, at most once per REFILL_EVERY."""
        if self.waiting or clock < self.refill_at:
            return
        now = at or leases.database_now()
        leases.sweep(now)
        due = Message.objects.due(now).filter(channel=self.channel, strikes=0).values_list("pk", flat=True)
        page = list(due.order_by("-is_urgent", "ready_at", "pk")[:PAGE])
        self.waiting.extend(wording.prepare(page, now))
        self.concurrency = settings.MESSAGE_THREADS if _is_rush(due, now) else 1
        if not self.waiting:
            self.refill_at = clock + REFILL_EVERY

    def record(self, error: Exception | None) -> None:
        """Circuit breaker: too many transient failures pause the channel, so that the rest keep their attempts."""
        if not isinstance(error, leases.TRANSIENT):
            self.failures = 0
            return
        self.failures += 1
        asked_to_wait = isinstance(error, Transient) and error.after
        self.is_paused = bool(asked_to_wait or self.failures >= FAILURES_BEFORE_PAUSE * settings.MESSAGE_THREADS)

    def take(self, number: int) -> list[int]:
        return [self.waiting.popleft() for _ in range(min(number, len(self.waiting)))]


def _is_rush(due: QuerySet, now: datetime) -> bool:
    return due.order_by()[: RUSH + 1].count() > RUSH or due.filter(ready_at__lte=now - LATE).exists()


class _Round:
    """Sends the due messages of all channels for a limited time."""

    def __init__(self, limit: int | None, seconds: float, at: datetime | None):
        self.limit, self.at = limit, at
        self.until = time.monotonic() + seconds
        self.threads: SenderThreads = sender_threads.of_process()
        self.by_channel = {channel: _ChannelQueue(channel) for channel in with_provider()}
        self.leased = self.sent = 0
        self.was_cut_short = False

    def run(self) -> int:
        self._gather(0)
        while time.monotonic() < self.until and not stopping.is_set():
            started = [self._start(queue) for queue in self.by_channel.values() if not queue.is_paused]
            if not any(started) and not self.threads.busy:
                break
            self._gather(0.2)
        else:  # the time is up, or SIGTERM came; after SIGTERM no round is to follow
            self.was_cut_short = not stopping.is_set()
        self._wait_for_all()
        self._send_suspects()
        return self.sent

    def _send_suspects(self) -> None:
        """One by one, after all others, so that a crash adds a strike to the message that caused it and to no other."""
        now = self.at or leases.database_now()
        suspects = Message.objects.due(now).filter(strikes__gt=0).values_list("pk", flat=True)
        for pk in wording.prepare(list(suspects[:SUSPECTS]), now):
            is_over = stopping.is_set() or time.monotonic() >= self.until + SUSPECTS_ROUND
            if is_over or self.threads.busy or (self.limit is not None and self.leased >= self.limit):
                break
            for message in leases.acquire([pk], self.at or leases.database_now()):
                self.leased += 1
                self.threads.start(message)
            self._wait_for_all()

    def _wait_for_all(self) -> None:
        until = time.monotonic() + WAIT_FOR_SENDS
        while self.threads.busy and time.monotonic() < until:
            self._gather(0.2)
        self._gather(0)

    def _start(self, queue: _ChannelQueue) -> bool:
        """Lease only as many as threads are free, so that no lease expires in the queue. True if any was due."""
        free = self.threads.free(queue.channel, queue.concurrency)
        if self.limit is not None:
            free = min(free, self.limit - self.leased)
        if free <= 0:
            return False
        queue.refill(time.monotonic(), self.at)
        had_work = bool(queue.waiting)
        while pks := queue.take(free):
            messages = leases.acquire(pks, self.at or leases.database_now())
            for message in messages:
                self.leased += 1
                self.threads.start(message)
            if messages:
                break
            # Another process has leased them all since they were read: try the next ones without waiting.
        return had_work

    def _gather(self, wait: float) -> None:
        """Record what the sender threads have finished; waits up to `wait` seconds for a result."""
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
