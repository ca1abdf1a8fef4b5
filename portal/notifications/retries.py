"""Retries with exponential back-off and jitter. Pure."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=15)
LONGEST = timedelta(minutes=30)
# For messages that never expire: with the delays below, an outage of most of a day is survived.
MAX_TRIES = 48


def delay(tries: int, chance: float, at_least: float = 0) -> timedelta:
    """Delay after the `tries`-th attempt: doubles each time, up to half an hour.

    Jitter: `chance` (0 to 1) subtracts up to half of it, so that messages that failed together are not retried
    together. `at_least` is the provider's Retry-After in seconds, capped at our longest delay.
    """
    # Cap the exponent first: 2**48 overflows timedelta.
    full = min(FIRST * 2 ** min(tries - 1, 20), LONGEST)
    return max(full * (1 - chance / 2), timedelta(seconds=min(at_least, LONGEST.total_seconds())))


def is_over(tries: int, expires_at: datetime | None) -> bool:
    """Whether to give up after `tries` attempts; messages with an expiry are retried until then."""
    return expires_at is None and tries >= MAX_TRIES
