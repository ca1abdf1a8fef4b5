"""Django's SQLite backend with the write queue: see portal/sqlite/__init__.py.

A connection waits for its turn before it opens a transaction, or writes in autocommit mode. The turn ends with the
commit, the rollback, or the connection. Readers need none (WAL mode).
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from django.db.backends.sqlite3 import base

from portal.sqlite.queue import Turn, queue_of

READS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN)\b", re.IGNORECASE).match
# Seconds; the default of Python's sqlite3, used if the option "timeout" is not set.
TIMEOUT = 5.0
# Django replaces %s by ? each time that a statement runs. The result is cached for texts up to this length.
LONGEST_CACHED = 4000


@lru_cache(maxsize=500)
def _with_qmarks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    def __init__(self, database: "DatabaseWrapper", connection) -> None:
        super().__init__(connection)
        self._in_turn = database.in_turn

    def convert_query(self, query, *, param_names=None):
        if param_names is None and len(query) <= LONGEST_CACHED:
            return _with_qmarks(query)
        return super().convert_query(query, param_names=param_names)

    def execute(self, query, params=None):
        return self._in_turn(query, partial(super().execute, query, params))

    def executemany(self, query, param_list):
        return self._in_turn(query, partial(super().executemany, query, param_list))


class DatabaseWrapper(base.DatabaseWrapper):
    _turn: Turn | None = None

    def create_cursor(self, name=None) -> Cursor:
        return self.connection.cursor(factory=partial(Cursor, self))

    def in_turn(self, query: str, run: Callable[[], Any]) -> Any:
        if self._turn is None and self._is_first_write(query):
            queue = queue_of(self.settings_dict["NAME"])
            self._turn = queue.turn(self.timeout)
            if self._turn is None:
                done = self._without_waiting(run)
                # SQLite's lock was free: the thread that had the turn ended without giving it back.
                queue.reset()
                return done
        try:
            return run()
        finally:
            self._end_turn()

    @property
    def timeout(self) -> float:
        return self.settings_dict["OPTIONS"].get("timeout", TIMEOUT)

    def _is_first_write(self, query: str) -> bool:
        return not (self.connection.in_transaction or READS(query) or self.is_in_memory_db())

    def _without_waiting(self, run: Callable[[], Any]) -> Any:
        """After a timeout in the queue: SQLite raises "database is locked" at once, or its lock is free after all."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            return run()
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {self.timeout * 1000:.0f}")

    def _end_turn(self) -> None:
        """Give the turn back, unless a transaction is open."""
        if self._turn and not self.connection.in_transaction:
            self._give_back()

    def _give_back(self) -> None:
        turn, self._turn = self._turn, None
        if turn:
            turn.end()

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._give_back()
