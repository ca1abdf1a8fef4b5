"""Runs the statements of portal.prepared; PostgreSQL does so with the plans it has kept (docs/decisions/0017)."""

import itertools
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

_numbers = itertools.count(1)


@dataclass(slots=True)
class Cache:
    """Cached for each database connection. A new cursor would cost 4 µs of a statement's 50."""

    connection: Any  # of the driver; a new one after a reconnect
    is_logging: bool  # whether `cursor` logs its queries, which is fixed when it is made
    cursor: CursorWrapper
    executes: dict[str, str]  # the EXECUTE of each statement that PostgreSQL has prepared, by SQL


def run(sql: str, values: list) -> CursorWrapper:
    """Run the statement with these values. The cursor is shared: fetch the rows before the next statement runs.

    On PostgreSQL it is prepared once per connection; neither commit nor rollback deallocates it. Behind a pooler in
    transaction mode the next transaction may have another connection: see DATABASE_POOLER in docs/configuration.md.
    SQLite has its own statement cache.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if not settings.PREPARED_STATEMENTS:
        return _executed(database.cursor(), sql, values)
    cache = _cache(database)
    if database.vendor != "postgresql" or database.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        return _executed(cache.cursor, sql, values)
    if sql in cache.executes:
        return _executed(cache.cursor, cache.executes[sql], values)
    number, places = next(_numbers), itertools.count(1)
    text = "".join(part if part != "%s" else f"${next(places)}" for part in re.split("(%s)", sql))
    execute = f"EXECUTE portal_{number}" + (f" ({', '.join(['%s'] * len(values))})" if values else "")
    # By itself, since it outlives a rollback: else each run that is refused would leave one more behind. It is no query
    # of the caller's, so that the driver's own cursor runs it.
    with database.wrap_database_errors:
        cache.cursor.cursor.execute(f"PREPARE portal_{number} AS {text}".replace("%%", "%"))
    cache.executes[sql] = execute
    return _executed(cache.cursor, execute, values)


def _executed(cursor: CursorWrapper, sql: str, values: list) -> CursorWrapper:
    cursor.execute(sql, values)
    return cursor


def _cache(database: BaseDatabaseWrapper) -> Cache:
    database.close_if_health_check_failed()  # as in Django's own cursor()
    database.ensure_connection()  # first: two that are not open yet would be taken for one
    cache: Cache | None = getattr(database, "prepared", None)
    if cache and cache.connection is database.connection and cache.is_logging == database.queries_logged:
        return cache
    executes = cache.executes if cache and cache.connection is database.connection else {}
    database.prepared = Cache(database.connection, database.queries_logged, database.cursor(), executes)
    return database.prepared
