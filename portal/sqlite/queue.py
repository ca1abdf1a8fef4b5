"""Whose turn it is to write: among the threads of this process, and among the processes with the same file.

Only an order: what may be written when is decided by SQLite's own lock. Whoever goes past the queue, or a file that
cannot be opened, makes somebody wait longer and breaks nothing.
"""

import contextlib
import fcntl
import os
import time
from dataclasses import dataclass
from functools import cached_property

from portal.sqlite.line import Line

# Two bytes of a file, locked for a process: the kernel ends such locks with it, however it ends, and no fork inherits
# them. Whoever is next holds one and waits for the other, so that a process that has just written cannot overtake.
WRITING, NEXT = 0, 1
# Seconds. One thread of a process looks, and only while another process writes.
PAUSE = 0.0005


@dataclass(frozen=True, slots=True)
class Turn:
    queue: "Queue"
    line: Line

    def end(self) -> None:
        self.queue.let_go(WRITING)
        self.line.leave()


class Queue:
    def __init__(self, path: str) -> None:
        self.path = path
        self.line = Line()

    def turn(self, seconds: float) -> Turn | None:
        """Wait for ours; None when it has not come in time."""
        until, line = time.monotonic() + seconds, self.line
        if not line.enter(seconds):
            return None
        is_first = False
        try:
            is_first = self._is_first(until)
        finally:
            if not is_first:
                line.leave()
        return Turn(self, line) if is_first else None

    def renew(self) -> None:
        """Without those who stand in line in this process, or stood there when it was forked."""
        self.line = Line()

    def let_go(self, byte: int) -> None:
        with contextlib.suppress(OSError):
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)

    def _is_first(self, until: float) -> bool:
        """Of all processes."""
        if not self._waited_for(NEXT, until):
            return False
        try:
            return self._waited_for(WRITING, until)
        finally:
            self.let_go(NEXT)

    def _waited_for(self, byte: int, until: float) -> bool:
        while self._is_taken(byte):
            if time.monotonic() >= until:
                return False
            time.sleep(PAUSE)
        return True

    def _is_taken(self, byte: int) -> bool:
        """By another process; else it is ours now."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except BlockingIOError:
            return True
        except OSError:  # a folder that nobody may write to, or no locks there
            return False
        return False

    @cached_property
    def _file(self) -> int:
        # Never closed: a process that closes any handle of a file loses all its locks there.
        return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)


_queues: dict[str, Queue] = {}


def queue_of(database: str) -> Queue:
    path = f"{os.path.abspath(database)}-queue"
    return _queues.get(path) or _queues.setdefault(path, Queue(path))


def _begin_anew() -> None:
    for queue in _queues.values():
        queue.renew()


os.register_at_fork(after_in_child=_begin_anew)
