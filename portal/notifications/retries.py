"""When a message is tried again: pure."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=15)
LONGEST = timedelta(minutes=30)
# For what never expires: with the delays below, a provider may be away for the greater part of a day.
MAX_TRIES = 48


def delay(tries: int, chance: float, at_least: float = 0) -> timedelta:
    """How long to wait after the `tries`-th try: twice as long each time, up to half an hour.

    `chance` from 0 to 1 takes up to half of it away, so that thousands that failed together do not come back
    together. `at_least` is what the provider asked for, in seconds; no more than our longest wait is granted.
    """
    # The exponent is cut before it is used: 2 to the 48th is no timedelta.
    full = min(FIRST * 2 ** min(tries - 1, 20), LONGEST)
    return max(full * (1 - chance / 2), timedelta(seconds=min(at_least, LONGEST.total_seconds())))


def is_over(tries: int, expires_at: datetime | None) -> bool:
    """Whether to give up: what has an end of its own is tried until then."""
    return expires_at is None and tries >= MAX_TRIES
