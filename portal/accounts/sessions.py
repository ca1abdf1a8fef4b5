"""Database sessions that accept only alphanumeric session keys, and end when the idle timeout is over.

A forged cookie may hold a quoted NUL, which PostgreSQL refuses in a query: every page would answer 500.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

# Of somebody signed in, in seconds (portal.accounts.idle). After it a session opens nothing any more; its row stays a
# while longer, so that whoever comes back is told why, and gets back what they had typed.
IDLE_LIMIT = "accounts_idle_limit"
GRACE = 12 * 3600


class SessionStore(DatabaseStore):
    def get_expiry_age(self, **kwargs) -> int:
        age, limit = super().get_expiry_age(**kwargs), self.get(IDLE_LIMIT)
        return age if limit is None else min(age, limit + GRACE)

    def get_expiry_date(self, **kwargs) -> datetime:
        date, limit = super().get_expiry_date(**kwargs), self.get(IDLE_LIMIT)
        return date if limit is None else min(date, timezone.now() + timedelta(seconds=limit + GRACE))

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(super()._validate_session_key(key) and key.isascii() and key.isalnum())
