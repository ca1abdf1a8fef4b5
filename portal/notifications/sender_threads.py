"""Threads that hand messages to providers, a few per channel, so that a slow provider blocks only its own channel.

The threads never use the database: the dispatcher leases before and records results afterwards on its own connection,
so that no connection is held open during a provider's response time.
"""

import contextlib
import os
import threading
from collections import Counter
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from portal.notifications.channels import adapter_for
from portal.notifications.models import Message


@dataclass(frozen=True, slots=True)
class Result:
    message: Message
    error: Exception | None = None


def hand_to_provider(message: Message) -> Result:
    try:
        adapter_for(message.channel).send(message)
    except Exception as error:  # any error is recorded as a failure and never loses the row
        return Result(message, error)
    return Result(message)


class SenderThreads:
    """One per process. Results that arrive after their round are collected by the next one."""

    def __init__(self):
        self._results: SimpleQueue[Result] = SimpleQueue()
        self._under_way: Counter[str] = Counter()
        self._lock = threading.Lock()

    def free(self, channel: str, threads: int) -> int:
        return max(0, threads - self._under_way[channel])

    @property
    def busy(self) -> bool:
        return any(self._under_way.values())

    def start(self, message: Message) -> None:
        with self._lock:
            self._under_way[message.channel] += 1
        # Daemon thread: process exit does not wait for a provider. The lease expires, and the message is sent again.
        threading.Thread(target=self._run, args=(message,), daemon=True, name=f"send-{message.pk}").start()

    def gather(self, wait: float) -> list[Result]:
        """All results so far; waits up to `wait` seconds for the first."""
        found = []
        with contextlib.suppress(Empty):
            found.append(self._results.get(timeout=wait) if wait else self._results.get_nowait())
            while True:
                found.append(self._results.get_nowait())
        return found

    def _run(self, message: Message) -> None:
        result = hand_to_provider(message)
        with self._lock:
            self._under_way[message.channel] -= 1
        self._results.put(result)


_by_process: dict[int, SenderThreads] = {}


def of_process() -> SenderThreads:
    """The instance of this process. By pid, because a forked worker does not inherit its parent's threads."""
    return _by_process.setdefault(os.getpid(), SenderThreads())
