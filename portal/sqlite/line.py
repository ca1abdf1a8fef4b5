"""A first-in, first-out lock for the threads of a process."""

import threading
from collections import deque


class FifoLock:
    """Released to the thread that has waited longest. `threading.Lock` is unfair: whoever asks first gets it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_free = True

    def acquire(self, seconds: float) -> bool:
        """False after a timeout."""
        waiter = threading.Lock()
        waiter.acquire()
        with self._guard:
            if self._is_free:
                self._is_free = False
                return True
            self._waiting.append(waiter)
        try:
            handed_over = waiter.acquire(timeout=seconds)
        except BaseException:
            if not self._withdrawn(waiter):
                self.release()
            raise
        return handed_over or not self._withdrawn(waiter)

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_free = True

    def _withdrawn(self, waiter: threading.Lock) -> bool:
        """Stop waiting. False if the lock was handed over at the last moment (race condition): then it is ours."""
        with self._guard:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                return True
            return False
