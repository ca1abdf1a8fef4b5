"""What somebody typed into a browser and has not sent, for a few minutes: in the cache's table, not in the session.

A session lives for two weeks, and whatever is in it stays in the database, and in its backups, as long. Here each value
has its own end, after which nothing reads it and the job `clear-expired` deletes it. The session holds a random number,
by which only this browser finds its values, and until when there are any, so that other pages need not ask.
"""

import secrets
import time
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.http import HttpRequest

from portal.accounts import throttle
from portal.accounts.addresses import client_address

_OWNER, _UNTIL = "short_lived", "short_lived_until"
# Each may come with a new session. A whole village may share an address (NAT).
MOST, PER_SECONDS = 300, 3600


def put(request: HttpRequest, name: str, value: Any, *, minutes: int) -> bool:
    """Keep it; False, and nothing is kept, where this address has kept too many."""
    if throttle.claim(throttle.per_network("short-lived", client_address(request), MOST, PER_SECONDS)):
        return False
    session = request.session
    owner = session.setdefault(_OWNER, secrets.token_hex(16))
    session[_UNTIL] = session.get(_UNTIL, {}) | {name: time.time() + minutes * 60}
    cache.set(_key(owner, name), value, minutes * 60)
    return True


def get(session: SessionBase, name: str) -> Any:
    """What was kept, or None."""
    if session.get(_UNTIL, {}).get(name, 0) < time.time():
        return None
    return cache.get(_key(session[_OWNER], name))


def change(session: SessionBase, name: str, value: Any) -> None:
    """Replace a value that is kept, until the same end."""
    if (left := session.get(_UNTIL, {}).get(name, 0) - time.time()) > 0:
        cache.set(_key(session[_OWNER], name), value, left)


def drop(session: SessionBase, name: str) -> None:
    if name in (kept := session.get(_UNTIL, {})):
        cache.delete(_key(session[_OWNER], name))
        session[_UNTIL] = {other: until for other, until in kept.items() if other != name}


def _key(owner: str, name: str) -> str:
    return f"short-lived:{owner}:{name}"
