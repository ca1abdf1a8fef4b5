"""Rate limiting with a sliding window, counted in the database: shared by all workers, independent of Redis.

    if not throttle.allow(f"lookup:{address}", limit=20, per_seconds=3600): ...

At most `limit` in any `per_seconds`; a fixed window would allow twice as many around its boundary.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.models import Throttle

# For larger limits, neighbouring moments are merged into one with a count, so that a row stays small.
EXACT_UP_TO = 60


def allow(key: str, limit: int, per_seconds: int) -> bool:
    """Count one event for `key`; False, without counting, when `limit` in `per_seconds` is reached.

    A rollback of the caller's transaction discards the count.
    """
    if not settings.RATE_LIMITS:
        return True
    now = timezone.now().timestamp()
    grain = 0 if limit <= EXACT_UP_TO else per_seconds / EXACT_UP_TO
    digest = _digest(key, per_seconds)
    while True:
        row, _ = Throttle.objects.get_or_create(key=digest, defaults={"expires_at": timezone.now()})
        live = [[at, count] for at, count in row.moments if at > now - per_seconds - grain]
        if sum(count for _, count in live) >= limit:
            return False
        if live and now - live[-1][0] < grain:
            live[-1][1] += 1
        else:
            live.append([now, 1])
        # Compare and swap: retry when another request changed the version first. Each retry means that another
        # request was counted, so after at most `limit` of them the answer is False.
        if _swap(row, live, until=now + per_seconds + grain):
            return True


def give_back(key: str, per_seconds: int) -> None:
    """Undo the latest count of `key`, for an event that turned out not to count."""
    if not settings.RATE_LIMITS:
        return
    digest = _digest(key, per_seconds)
    while (row := Throttle.objects.filter(key=digest).first()) and row.moments:
        at, count = row.moments[-1]
        left = row.moments[:-1] + ([[at, count - 1]] if count > 1 else [])
        if _swap(row, left, until=row.expires_at.timestamp()):
            return


def _swap(row: Throttle, moments: list, until: float) -> bool:
    unchanged = Throttle.objects.filter(key=row.key, version=row.version)
    expires_at = datetime.fromtimestamp(until, tz=UTC)
    return bool(unchanged.update(version=F("version") + 1, moments=moments, expires_at=expires_at))


def _digest(key: str, per_seconds: int) -> str:
    # HMAC: keys contain phone numbers and addresses, which need not stand in the table.
    return salted_hmac("portal.accounts.throttle", f"{per_seconds}:{key}", algorithm="sha256").hexdigest()
