"""Runs steps behind another that has not been committed yet: the moment in which a row that is locked changes."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

SECONDS = 0.05  # on SQLite, where nobody can be seen waiting for the one lock of the database


def behind(
    first: Callable[[], Any], second: Callable[[], Any], then: Callable[[], Any] | None = None
) -> tuple[Any, Any]:
    """Call `second` while `first` has done all its work and not committed; results or exceptions of both.

    `second` reads what stood before, and waits where it needs what `first` has locked; then `first` commits. Before
    that it does `then`, whose result is the first of the two: if this needs what `second` has locked, it is a deadlock.
    """
    done, (answer,) = all_behind(first, [second], then)
    return done, answer


def all_behind(
    first: Callable[[], Any], others: Sequence[Callable[[], Any]], then: Callable[[], Any] | None = None
) -> tuple[Any, list[Any]]:
    """The same with several at once, which all wait for `first` and then come one after another."""
    backends: list[int] = []

    def run(step: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            if connection.vendor == "postgresql":
                backends.append(connection.connection.info.backend_pid)
            return step()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(others)) as pool:
        started: list[Future] = []
        try:
            with transaction.atomic():
                done = first()
                started = [pool.submit(run, step) for step in others]
                _wait(started, backends)
                done = then() if then else done
        except Exception as error:
            done = error
            started = started or [pool.submit(run, step) for step in others]
        return done, [one.result(timeout=60) for one in started]


def _wait(started: list[Future], backends: list[int]) -> None:
    """Until each of the others waits for a lock, or needed none and is done."""
    if connection.vendor != "postgresql":
        time.sleep(SECONDS)
        return
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid = ANY (%s)", [backends])
            if cursor.fetchone()[0] + sum(one.done() for one in started) >= len(started):
                return
            time.sleep(0.005)
