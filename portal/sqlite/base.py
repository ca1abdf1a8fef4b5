"""Writers wait for their turn in a queue, where SQLite's own would sleep longer and longer and then look again.

A turn begins with the statement that opens a transaction, or with one that writes outside of any, and ends with the
commit, the rollback or the connection. Reading needs none.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from django.db.backends.sqlite3 import base

from portal.sqlite.queue import Turn, queue_of

READS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN)\b", re.IGNORECASE).match
# SQLite's own default where the option is missing.
PATIENCE = 5.0
# Django searches each text for its %s anew, each time that it runs; few texts make up nearly all that is run.
LONGEST_KEPT = 4000


@lru_cache(maxsize=500)
def _with_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    def __init__(self, database: "DatabaseWrapper", connection) -> None:
        super().__init__(connection)
        self._in_turn = database.in_turn

    def convert_query(self, query, *, param_names=None):
        if param_names is None and len(query) <= LONGEST_KEPT:
            return _with_marks(query)
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
            self._turn = queue.turn(self.patience)
            if self._turn is None:
                done = self._at_once(run)
                # SQLite let us in: whoever has the turn does not write, and has ended without giving it back.
                queue.renew()
                return done
        try:
            return run()
        finally:
            self._end_turn()

    @property
    def patience(self) -> float:
        return self.settings_dict["OPTIONS"].get("timeout", PATIENCE)

    def _is_first_write(self, query: str) -> bool:
        return not (self.connection.in_transaction or READS(query) or self.is_in_memory_db())

    def _at_once(self, run: Callable[[], Any]) -> Any:
        """Time is up: SQLite itself says so, in its own words, or lets us in."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            return run()
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {self.patience * 1000:.0f}")

    def _end_turn(self) -> None:
        """Unless a transaction is open."""
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
