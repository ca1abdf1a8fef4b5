"""The demo's clock: what the domain takes for now, so that a visitor at three at night sees a working morning.

DEMO_CLOCK names a file that holds by how many seconds `django.utils.timezone.now` is ahead of the machine's clock. The
web server and the dispatcher read it, `make demo` writes it. What a phone or a browser measures too stays real, because
Django and allauth take it from `time.time`: cookies, signed links, codes of an authenticator app.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

READ_EVERY = 0.5  # seconds


class AheadFile:
    """By how much the demo's clock is ahead, and, as the file's time, when the demo was last seen running."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_at, self._ahead = -READ_EVERY, timedelta()

    def ahead(self) -> timedelta:
        """Zero without a file. Read at most twice a second: it is asked for many times a request."""
        if time.monotonic() - self._read_at >= READ_EVERY:
            self._ahead, self._read_at = self._stored(), time.monotonic()
        return self._ahead

    def last_seen(self) -> datetime | None:
        """What the demo's clock showed when it last ran; None for one that never did."""
        if not self.path.exists():
            return None
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC) + self._stored()

    def store(self, ahead: timedelta, at: datetime) -> None:
        """`at`: the real time. By a rename, so that no reader finds half a number."""
        new = self.path.with_suffix(".new")
        new.write_text(str(ahead.total_seconds()))
        os.utime(new, (at.timestamp(), at.timestamp()))
        new.replace(self.path)
        self._read_at = -READ_EVERY

    def _stored(self) -> timedelta:
        try:
            return timedelta(seconds=float(self.path.read_text()))
        except FileNotFoundError:
            return timedelta()


def follow(path: str) -> None:
    """From here on `timezone.now` is the demo's time. Before any model is loaded, whose defaults hold the function."""
    timezone.now = ahead_by(AheadFile(Path(path)).ahead, timezone.now)


def ahead_by(ahead: Callable[[], timedelta], real: Callable[[], datetime]) -> Callable[[], datetime]:
    def now() -> datetime:
        return real() + ahead()

    return now
