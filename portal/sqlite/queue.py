"""The write queue: a FIFO lock between the threads of a process, file locks between processes.

Advisory: SQLite's own write lock still decides. A writer that bypasses the queue, or a lock file that cannot be opened,
makes others wait longer and breaks nothing.
"""

import contextlib
import fcntl
import os
import time
from dataclasses import dataclass
from functools import cached_property

from portal.sqlite.line import FifoLock

# POSIX locks on two bytes of a file: the kernel drops them when the process ends or crashes; a fork does not inherit
# them. A process holds NEXT while it waits for WRITING, so that one that has just written cannot overtake it.
WRITING, NEXT = 0, 1
# Seconds between two polls. One thread of a process polls, and only while another process writes.
POLL = 0.0005


@dataclass(frozen=True, slots=True)
class Turn:
    queue: "Queue"
    threads: FifoLock

    def end(self) -> None:
        self.queue.unlock(WRITING)
        self.threads.release()


class Queue:
    def __init__(self, path: str) -> None:
        self.path = path
        self.threads = FifoLock()

    def turn(self, seconds: float) -> Turn | None:
        """Wait for a turn; None after a timeout."""
        until, threads = time.monotonic() + seconds, self.threads
        if not threads.acquire(seconds):
            return None
        is_ours = False
        try:
            is_ours = self._wait_for_processes(until)
        finally:
            if not is_ours:
                threads.release()
        return Turn(self, threads) if is_ours else None

    def reset(self) -> None:
        """Replace the threads' lock: its holder ended without releasing it, or is a thread of the parent process."""
        self.threads = FifoLock()

    def unlock(self, byte: int) -> None:
        with contextlib.suppress(OSError):
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)

    def _wait_for_processes(self, until: float) -> bool:
        if not self._lock(NEXT, until):
            return False
        try:
            return self._lock(WRITING, until)
        finally:
            self.unlock(NEXT)

    def _lock(self, byte: int, until: float) -> bool:
        """Wait for a lock of the file; False after a timeout."""
        while self._is_held_elsewhere(byte):
            if time.monotonic() >= until:
                return False
            time.sleep(POLL)
        return True

    def _is_held_elsewhere(self, byte: int) -> bool:
        """Try to lock the byte; True if another process holds it."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except BlockingIOError:
            return True
        except OSError:  # read-only folder, or no locks in this file system: go on without the queue
            return False
        return False

    @cached_property
    def _file(self) -> int:
        # Never closed: closing any descriptor of a file drops all POSIX locks that the process has on it.
        return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)


_queues: dict[str, Queue] = {}


def queue_of(database: str) -> Queue:
    path = f"{os.path.abspath(database)}-queue"
    return _queues.get(path) or _queues.setdefault(path, Queue(path))


def _reset_all() -> None:
    for queue in _queues.values():
        queue.reset()


os.register_at_fork(after_in_child=_reset_all)
