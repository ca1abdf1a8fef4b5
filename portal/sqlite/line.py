"""First come, first served, among the threads of a process."""

import threading
from collections import deque


class Line:
    """A lock that is handed to whoever has waited longest; Python's own goes to whoever comes by as it is opened."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_free = True

    def enter(self, seconds: float) -> bool:
        """False when nobody left in time."""
        bell = threading.Lock()
        bell.acquire()
        with self._guard:
            if self._is_free:
                self._is_free = False
                return True
            self._waiting.append(bell)
        try:
            called = bell.acquire(timeout=seconds)
        except BaseException:
            if not self._gave_up(bell):
                self.leave()
            raise
        return called or not self._gave_up(bell)

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_free = True

    def _gave_up(self, bell: threading.Lock) -> bool:
        """False when it was called at the last moment, and the turn is its own."""
        with self._guard:
            if bell in self._waiting:
                self._waiting.remove(bell)
                return True
            return False
