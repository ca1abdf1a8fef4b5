"""Writers of one file, each on a connection of its own: `python -m tests.sqlite.writers ENGINE FILE THREADS SECONDS`.

Prints for each transaction how many others came between asking to write and writing.
"""

import json
import sys
import threading
import time

import django
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

HOLD = 0.003
OURS, DJANGOS = "portal.sqlite", "django.db.backends.sqlite3"


def connect(file: str, engine: str = OURS, patience: float = 20) -> BaseDatabaseWrapper:
    """With production's options."""
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": patience,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
    }
    return ConnectionHandler({"default": {"ENGINE": engine, "NAME": str(file), "OPTIONS": options}})["default"]


class Writing:
    """`with Writing(connection):` is `transaction.atomic()` for a connection that settings.DATABASES does not name."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        self.connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    def __exit__(self, kind, *_) -> None:
        self.connection.rollback() if kind else self.connection.commit()
        self.connection.set_autocommit(True)


def make(file: str) -> None:
    connection = connect(file)
    run(connection, "CREATE TABLE counter (written integer)")
    run(connection, "INSERT INTO counter VALUES (0)")
    connection.close()


def run(connection: BaseDatabaseWrapper, sql: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def count(connection: BaseDatabaseWrapper) -> int:
    return run(connection, "SELECT written FROM counter")[0][0]


def overtaken(engine: str, file: str, threads: int, seconds: float) -> list[int]:
    until, found = time.monotonic() + seconds, []

    def write() -> None:
        connection = connect(file, engine)
        while time.monotonic() < until:
            before = count(connection)
            with Writing(connection):
                found.append(count(connection) - before)
                run(connection, "UPDATE counter SET written = written + 1")
                time.sleep(HOLD)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return found


if __name__ == "__main__":
    django.setup()
    engine, file, threads, seconds = sys.argv[1:]
    print(json.dumps(overtaken(engine, file, int(threads), float(seconds))))
