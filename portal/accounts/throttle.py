"""Rate limiting with a sliding window, counted in the database: shared by all workers, independent of Redis.

    limits = [Limit(f"lookup:{phone}", 30, DAY), *per_network("lookup", address, 30, HOUR)]
    if throttle.claim(limits): ...  # a limit is reached, and nothing was counted

At most `limit` in any `per_seconds`; a fixed window would allow twice as many around its boundary.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.addresses import WIDER, networks_of
from portal.accounts.models import Throttle

HOUR, DAY, WEEK = 3600, 86_400, 7 * 86_400


class Limit(NamedTuple):
    """At most `limit` in `per_seconds` for a key; one event counts as `cost`."""

    key: str
    limit: int
    per_seconds: int
    cost: int = 1


def per_network(name: str, address: str, limit: int, per_seconds: int) -> list[Limit]:
    """The limits of a client's address: of an IPv6 address, one for its /64 and a looser one for its /48."""
    networks = enumerate(networks_of(address))
    return [Limit(f"{name}:{network}", limit * WIDER**wide, per_seconds) for wide, network in networks]


def is_reached(limit: Limit) -> bool:
    """Whether `allow` would refuse one more event now. Counts nothing."""
    if not settings.RATE_LIMITS:
        return False
    row = Throttle.objects.filter(key=digest_of(limit.key, limit.per_seconds)).first()
    live = _live(row, timezone.now().timestamp(), limit.limit, limit.per_seconds) if row else []
    return sum(count for _, count in live) + limit.cost > limit.limit


def claim(limits: Iterable[Limit]) -> Limit | None:
    """Count one event against all limits, or against none of them: then returns the first that is reached.

    Requests lock the rows in the order of `limits`: name what is one person's first, so that two cannot deadlock.
    """
    with transaction.atomic():
        for limit in limits:
            if not allow(*limit):
                transaction.set_rollback(True)
                return limit
    return None


def return_all(limits: Iterable[Limit]) -> None:
    """Undo `claim`, for an event that turned out not to count."""
    for key, _limit, per_seconds, cost in limits:
        give_back(key, per_seconds, cost)


# For larger limits, neighbouring moments are merged into one with a count, so that a row stays small.
EXACT_UP_TO = 60


def allow(key: str, limit: int, per_seconds: int, cost: int = 1) -> bool:
    """Count one event as `cost` for `key`; False, without counting, if that is more than `limit` in `per_seconds`.

    A rollback of the caller's transaction discards the count.
    """
    if not settings.RATE_LIMITS:
        return True
    now = timezone.now().timestamp()
    grain = _grain(limit, per_seconds)
    digest = digest_of(key, per_seconds)
    while True:
        row, _ = Throttle.objects.get_or_create(key=digest, defaults={"expires_at": timezone.now()})
        live = _live(row, now, limit, per_seconds)
        if sum(count for _, count in live) + cost > limit:
            return False
        if live and now - live[-1][0] < grain:
            live[-1][1] += cost
        else:
            live.append([now, cost])
        # Compare and swap: retry when another request changed the version first. Each retry means that another
        # request was counted, so after at most `limit` of them the answer is False.
        if swap(row, live, until=now + per_seconds + grain):
            return True


def give_back(key: str, per_seconds: int, cost: int = 1) -> None:
    """Undo the latest `cost` counts of `key`, for an event that turned out not to count."""
    if not settings.RATE_LIMITS:
        return
    digest = digest_of(key, per_seconds)
    while (row := Throttle.objects.filter(key=digest).first()) and row.moments:
        left, due = row.moments, cost
        while left and due:
            at, count = left[-1]
            taken = min(count, due)
            due -= taken
            left = left[:-1] + ([[at, count - taken]] if count > taken else [])
        if swap(row, left, until=row.expires_at.timestamp()):
            return


def _grain(limit: int, per_seconds: int) -> float:
    return 0 if limit <= EXACT_UP_TO else per_seconds / EXACT_UP_TO


def _live(row: Throttle, now: float, limit: int, per_seconds: int) -> list[list]:
    since = now - per_seconds - _grain(limit, per_seconds)
    return [[at, count] for at, count in row.moments if at > since]


def swap(row: Throttle, moments: list, until: float) -> bool:
    """Compare and swap: store `moments`, unless another request has changed the row since it was read."""
    unchanged = Throttle.objects.filter(key=row.key, version=row.version)
    expires_at = datetime.fromtimestamp(until, tz=UTC)
    return bool(unchanged.update(version=F("version") + 1, moments=moments, expires_at=expires_at))


def digest_of(key: str, per_seconds: int) -> str:
    # HMAC: keys contain phone numbers and addresses, which need not stand in the table.
    return salted_hmac("portal.accounts.throttle", f"{per_seconds}:{key}", algorithm="sha256").hexdigest()
