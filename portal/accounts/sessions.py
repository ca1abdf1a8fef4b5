"""Database sessions that accept only alphanumeric session keys.

A forged cookie may hold a quoted NUL, which PostgreSQL refuses in a query: every page would answer 500.
"""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    def _validate_session_key(self, key: str | None) -> bool:
        return bool(super()._validate_session_key(key) and key.isascii() and key.isalnum())
