"""From which networks and accounts somebody came before, so that guesses by strangers do not use up their tries.

    familiar.remember("lookup:13800005678", familiar.names_of(request))
    familiar.place_of("lookup:13800005678", familiar.names_of(request))  # 0 … PLACES - 1, or None for a stranger

Each of PLACES has tries of its own, and whoever is new takes the place that was used longest ago, with what is left of
its tries: so all of them together have a bounded number of tries, however many come and go.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts import throttle
from portal.accounts.addresses import client_address, network_of
from portal.accounts.models import Throttle

PLACES = 6
KEPT = timedelta(days=90)
# A place that was used so lately is not written again.
PRECISION = timedelta(hours=12)


def names_of(request: HttpRequest) -> list[str]:
    """The account that is signed in, if one, and the network."""
    network = [f"network:{network_of(client_address(request))}"]
    return [f"account:{request.user.pk}", *network] if request.user.is_authenticated else network


def place_of(about: str, names: Sequence[str]) -> int | None:
    """The place of the first of `names` that came before, within KEPT."""
    row = Throttle.objects.filter(key=_key(about)).first()
    since, digests = (timezone.now() - KEPT).timestamp(), [_digest(name) for name in names]
    places = {digest: place for place, (at, digest) in enumerate(row.moments if row else []) if at > since}
    return next((places[digest] for digest in digests if digest in places), None)


def remember(about: str, names: Sequence[str]) -> None:
    """`names` have shown that they may know: a right password, the right code, the page itself."""
    if not settings.RATE_LIMITS:
        return
    now, digests = timezone.now(), [_digest(name) for name in names]
    key, until = _key(about), (now + KEPT).timestamp()
    while True:
        row, _is_new = Throttle.objects.get_or_create(key=key, defaults={"expires_at": now})
        places = [[at, digest] for at, digest in row.moments]
        for digest in digests:
            _take(places, digest, now.timestamp())
        if places == row.moments or throttle.swap(row, places, until=until):
            return


def _take(places: list[list], digest: str, now: float) -> None:
    """Put `digest` at its place in the list, which changes in place."""
    for place in places:
        if place[1] == digest:
            if place[0] < now - PRECISION.total_seconds():
                place[0] = now
            return
    if len(places) < PLACES:
        places.append([now, digest])
    else:
        min(places)[:] = [now, digest]


def _key(about: str) -> str:
    return throttle.digest_of(f"familiar:{about}", int(KEPT.total_seconds()))


def _digest(name: str) -> str:
    # A part is enough: two of PLACES are not confused by chance, and the row stays small.
    return throttle.digest_of(name, 0)[:16]
