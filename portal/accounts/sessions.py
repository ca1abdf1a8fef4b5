"""Sessions in the database, under keys as we give them out and no others.

A cookie may hold a quoted NUL; PostgreSQL refuses to look for one, and every page would answer with an error.
"""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    def _validate_session_key(self, key: str | None) -> bool:
        return bool(super()._validate_session_key(key) and key.isascii() and key.isalnum())
