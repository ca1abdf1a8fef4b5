"""Online backup and restore of the database, for SQLite and PostgreSQL.

PostgreSQL needs pg_dump and pg_restore in PATH, not older than the server.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection


class BackupError(Exception):
    """Backup or restore failed; database and existing backup are unchanged."""


def save(target: Path) -> None:
    """Write a consistent snapshot to `target` (atomic rename at the end). Raises BackupError."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    # It contains personal data of all residents.
    part.touch(mode=0o600)
    try:
        if connection.vendor == "sqlite":
            _copy_sqlite(_sqlite_file(), part)
            with _opened(part) as copy:
                # A single file without a -wal; the portal enables WAL again when it connects.
                copy.execute("PRAGMA journal_mode = DELETE")
        else:
            _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={part}", _database_name())
            _run("pg_restore", "--list", str(part))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def restore(source: Path, *, replace: bool = False) -> None:
    """Restore the database from a backup, all or nothing. Raises BackupError, also when the database is not empty.

    `replace` discards the existing data. Stop web servers and workers first.
    """
    if not source.is_file():
        raise BackupError(f"{source} is not there.")
    if not replace and connection.introspection.table_names():
        raise BackupError("The database is not empty. Add --replace to throw away what is in it.")
    connection.close()
    if connection.vendor == "sqlite":
        with _opened(source) as copy:
            _check_sqlite(copy, source)
        _copy_sqlite(source, _sqlite_file())
        return
    _run("pg_restore", "--list", str(source))
    _run(
        *("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"),
        *(("--clean", "--if-exists") if replace else ()),
        *(f"--dbname={_database_name()}", str(source)),
    )


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's online backup API: one snapshot, waits for writers, includes the -wal file."""
    with _opened(source) as of, contextlib.closing(sqlite3.connect(target, timeout=20)) as to:
        try:
            of.backup(to)
        except sqlite3.Error as error:
            raise BackupError(f"{source} could not be copied to {target}: {error}.") from error
        _check_sqlite(to, target)


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[sqlite3.Connection]:
    try:
        opened = sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, timeout=20)
    except sqlite3.Error as error:
        raise BackupError(f"{source}: {error}.") from error
    with contextlib.closing(opened):
        yield opened


def _check_sqlite(opened: sqlite3.Connection, path: Path) -> None:
    try:
        (verdict,) = opened.execute("PRAGMA quick_check(1)").fetchone()
        migrated = opened.execute("SELECT count(*) FROM sqlite_master WHERE name = 'django_migrations'").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"{path} is no copy of this portal's database: {error}.") from error
    if verdict != "ok" or not migrated:
        raise BackupError(f"{path} is no whole copy of this portal's database: {verdict}.")


def _database_name() -> str:
    return connection.settings_dict["NAME"]


def _run(tool: str, *arguments: str) -> None:
    found = shutil.which(tool)
    if found is None:
        raise BackupError(f"{tool} is not on PATH: install PostgreSQL's client tools, as new as the server or newer.")
    values = connection.settings_dict
    # In the environment: a password on the command line is visible to all users of the machine.
    login = {"PGHOST": values["HOST"], "PGPORT": values["PORT"], "PGUSER": values["USER"]}
    login["PGPASSWORD"] = values["PASSWORD"]
    environment = {**os.environ, **{name: str(value) for name, value in login.items() if value}}
    ended = subprocess.run([found, *arguments], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True)
    if ended.returncode:
        raise BackupError(f"{tool} failed: {ended.stderr.strip()}")
