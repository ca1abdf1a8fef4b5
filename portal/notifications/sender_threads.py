"""Handing messages to providers in threads, a few for each channel.

A slow provider holds up its own lane and no other. These threads never touch the database: whoever runs them leases
before and marks afterwards, over its one connection, so that none is held while a provider thinks.
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
    except Exception as error:  # whatever a provider throws is a reason to try again, never to lose the row
        return Result(message, error)
    return Result(message)


class SenderThreads:
    """One a process. What comes back late, after its round, is given to the next round."""

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
        # A daemon: ending the process does not wait for a provider. The lease runs out, and the message goes again.
        threading.Thread(target=self._run, args=(message,), daemon=True, name=f"send-{message.pk}").start()

    def gather(self, wait: float) -> list[Result]:
        """All that has come back; waits up to so many seconds for the first."""
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
    """This process's own: a forked worker has none of its parent's threads."""
    return _by_process.setdefault(os.getpid(), SenderThreads())
