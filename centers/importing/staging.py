"""The staging table (TEMPORARY) of the division import, and its SQL, which runs on both databases."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice

from django.db import connection
from django.utils import timezone

from centers import codes
from centers.models import Succession
from centers.services.succession import Named

TABLE = "staged_division"
COLUMNS = "row_number, code, name, level, pinyin, initials"
BATCH = 10_000
# SQL for the parent's code: the prefix of the level above, padded with zeros.
PARENT = "CASE level {} END".format(
    " ".join(
        f"WHEN {level} THEN substr(code, 1, {length}) || '{'0' * (12 - length)}'"
        for level, length in enumerate(codes.LENGTHS[:-1], start=2)
    )
)
IS_CURRENT = "d.valid_to IS NULL"


def _run(sql: str, *parameters) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def _rows(sql: str, *parameters) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@contextmanager
def table() -> Iterator[None]:
    """Create the temporary table for the duration of the block; only this connection sees it."""
    _run(f"DROP TABLE IF EXISTS {TABLE}")
    _run(
        f"CREATE TEMPORARY TABLE {TABLE} (row_number integer NOT NULL, code varchar(12) NOT NULL,"
        " name varchar(80) NOT NULL, level smallint NOT NULL,"
        " pinyin varchar(200) NOT NULL, initials varchar(80) NOT NULL)"
    )
    try:
        yield
    finally:
        # After an error in the caller's transaction no more SQL can run; its rollback drops the table.
        if not connection.needs_rollback:
            _run(f"DROP TABLE IF EXISTS {TABLE}")


def fill(rows: Iterable[tuple]) -> None:
    if connection.vendor == "postgresql":
        lines = _CopyLines(rows)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {TABLE} ({COLUMNS}) FROM STDIN", lines)
        if lines.error:
            raise lines.error
    else:
        with _deferred_transaction(), connection.cursor() as cursor:
            marks = "%s, %s, %s, %s, %s, %s"
            rows = iter(rows)
            # In batches: Django's executemany peeks at the first row with itertools.tee, which buffers all others.
            while batch := list(islice(rows, BATCH)):
                cursor.executemany(f"INSERT INTO {TABLE} ({COLUMNS}) VALUES ({marks})", batch)
    _run(f"CREATE INDEX {TABLE}_code ON {TABLE} (code)")
    if connection.vendor == "postgresql":
        _run(f"ANALYZE {TABLE}")


@contextmanager
def _deferred_transaction() -> Iterator[None]:
    """A DEFERRED transaction: writing the temporary table needs no write lock on the main database."""
    if connection.in_atomic_block:
        yield
        return
    _run("BEGIN DEFERRED")
    try:
        yield
        _run("COMMIT")
    except BaseException:
        _run("ROLLBACK")
        raise


class _CopyLines(io.RawIOBase):
    """Streams rows in the text format of COPY FROM STDIN.

    An error in the row iterator ends the stream and is stored; raised here it would surface as a cancelled query.
    """

    def __init__(self, rows: Iterable[tuple]) -> None:
        self._lines = ("\t".join(map(_copied, row)) + "\n" for row in rows)
        self._rest = b""
        self.error: Exception | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = self._more()
        piece, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return piece

    def _more(self) -> bytes:
        try:
            return "".join(islice(self._lines, 500)).encode()
        except Exception as error:
            self.error = error
            return b""


def _copied(value) -> str:
    text = str(value)
    return text.replace("\\", "\\\\") if "\\" in text else text


def fast_writes() -> None:
    """Enlarge SQLite's page cache (2 MB): otherwise index pages are read from disk again and again."""
    if connection.vendor == "sqlite":
        _run("PRAGMA cache_size = -32000")


def count() -> int:
    return _rows(f"SELECT count(DISTINCT code) FROM {TABLE}")[0][0]


def contradictions(limit: int) -> list[tuple[int, str, str, int]]:
    """(row, code, name, row of the other name) of codes listed with different names."""
    return _rows(
        f"SELECT s.row_number, s.code, s.name, f.row_number FROM {TABLE} s JOIN"
        f" (SELECT code, min(row_number) AS row_number FROM {TABLE} GROUP BY code HAVING min(name) <> max(name)) x"
        f" ON x.code = s.code JOIN {TABLE} f ON f.row_number = x.row_number AND f.code = s.code"
        " WHERE s.name <> f.name ORDER BY s.row_number LIMIT %s",
        limit,
    )


def orphans(limit: int) -> list[tuple[int, str]]:
    """(row, missing code) of divisions whose parent is neither in the file nor in the table."""
    return _rows(
        f"SELECT p.row_number, p.parent FROM (SELECT min(row_number) AS row_number, {PARENT} AS parent FROM {TABLE}"
        f" WHERE level > 1 GROUP BY 2) p WHERE NOT EXISTS (SELECT 1 FROM {TABLE} s WHERE s.code = p.parent)"
        f" AND NOT EXISTS (SELECT 1 FROM centers_division d WHERE d.code = p.parent AND {IS_CURRENT})"
        " ORDER BY p.row_number LIMIT %s",
        limit,
    )


def children(code: str | None) -> list[str]:
    """Direct children of a division in the file, two at most; all provinces for None. A level may be left out."""
    if code is None:
        return [row[0] for row in _rows(f"SELECT DISTINCT substr(code, 1, 2) || '0000000000' FROM {TABLE} ORDER BY 1")]
    first, last = codes.span(code)
    length = codes.LENGTHS[codes.level_of(code)]
    found = _rows(
        f"SELECT DISTINCT substr(code, 1, {length}) FROM {TABLE} WHERE code > %s AND code <= %s LIMIT 2", first, last
    )
    return [row[0].ljust(12, "0") for row in found]


def missing(first: str, last: str) -> int:
    """How many current divisions in a range of codes the file lacks."""
    return len(gone(first, last))


def gone(first: str, last: str) -> list[tuple[str, str]]:
    """(code, name) of current divisions in a range of codes that the file lacks."""
    return _rows(
        f"SELECT d.code, d.name FROM centers_division d WHERE {IS_CURRENT} AND d.code BETWEEN %s AND %s"
        f" AND NOT EXISTS (SELECT 1 FROM {TABLE} s WHERE s.code = d.code) ORDER BY d.code",
        first,
        last,
    )


def changed() -> list[tuple[str, str, str]]:
    """(code, name, name in the file) of current divisions that the file calls something else."""
    return _rows(
        f"SELECT DISTINCT d.code, d.name, s.name FROM centers_division d JOIN {TABLE} s ON s.code = d.code"
        f" WHERE {IS_CURRENT} AND s.name <> d.name ORDER BY d.code"
    )


def fresh() -> list[tuple[str, str]]:
    """(code, name) of what the file has and the table lacks; nothing for the first list of all."""
    return _rows(
        f"SELECT DISTINCT s.code, s.name FROM {TABLE} s WHERE EXISTS (SELECT 1 FROM centers_division)"
        f" AND NOT EXISTS (SELECT 1 FROM centers_division d WHERE d.code = s.code AND {IS_CURRENT}) ORDER BY s.code"
    )


def named(codes_asked: Sequence[str]) -> dict[str, Named]:
    """What the file calls these codes."""
    found = {}
    for at in range(0, len(codes_asked), 500):
        some = codes_asked[at : at + 500]
        marks = ", ".join(["%s"] * len(some))
        for row in _rows(f"SELECT code, name, pinyin, initials FROM {TABLE} WHERE code IN ({marks})", *some):
            found[row[0]] = Named(*row)
    return found


def record_renames(on: date) -> None:
    """After `rename`, before `open_new`: each old name that was closed leads to the row that has its code."""
    _run(
        'INSERT INTO centers_succession (old_id, new_id, kind, goes_on, "on", decided_at)'
        " SELECT o.id, d.id, %s, %s, o.valid_to, %s FROM centers_division o JOIN centers_division d ON d.code = o.code"
        f" WHERE {IS_CURRENT} AND o.valid_to = %s AND d.valid_from = %s AND o.name <> d.name"
        " AND NOT EXISTS (SELECT 1 FROM centers_succession x WHERE x.old_id = o.id)",
        Succession.Kind.RENAMED.value,
        True,
        connection.ops.adapt_datetimefield_value(timezone.now()),
        on,
        on,
    )


def close_missing(first: str, last: str, on: date, day_after: date) -> int:
    # valid_to must be after valid_from: a division opened on the closing day ends the day after.
    return _run(
        "UPDATE centers_division SET valid_to = CASE WHEN valid_from < %s THEN %s ELSE %s END"
        " WHERE valid_to IS NULL AND code BETWEEN %s AND %s AND valid_from <= %s"
        f" AND NOT EXISTS (SELECT 1 FROM {TABLE} s WHERE s.code = centers_division.code)",
        on,
        on,
        day_after,
        first,
        last,
        on,
    )


def rename(on: date) -> int:
    """Rename current rows and store each old name in a closed row; returns how many.

    A name given on the same day was never in force and leaves no history row.
    """
    _run(
        "INSERT INTO centers_division (code, name, level, pinyin, initials, valid_from, valid_to)"
        " SELECT d.code, d.name, d.level, d.pinyin, d.initials, d.valid_from, %s FROM centers_division d"
        f" WHERE {IS_CURRENT} AND d.valid_from < %s"
        f" AND EXISTS (SELECT 1 FROM {TABLE} s WHERE s.code = d.code AND s.name <> d.name)",
        on,
        on,
    )
    renamed = _run(
        f"UPDATE centers_division SET name = s.name, pinyin = s.pinyin, initials = s.initials, valid_from = %s"
        f" FROM {TABLE} s WHERE s.code = centers_division.code AND centers_division.valid_to IS NULL"
        " AND s.name <> centers_division.name",
        on,
    )
    # Update pinyin that a newer table of readings spells differently.
    _run(
        f"UPDATE centers_division SET pinyin = s.pinyin, initials = s.initials FROM {TABLE} s"
        " WHERE s.code = centers_division.code AND centers_division.valid_to IS NULL"
        " AND (s.pinyin <> centers_division.pinyin OR s.initials <> centers_division.initials)"
    )
    return renamed


def open_new(on: date) -> int:
    # Sorted, so that inserts append to the indexes over code. A code listed twice is opened once.
    return _run(
        "INSERT INTO centers_division (code, name, level, pinyin, initials, valid_from)"
        f" SELECT s.code, min(s.name), min(s.level), min(s.pinyin), min(s.initials), %s FROM {TABLE} s"
        f" WHERE NOT EXISTS (SELECT 1 FROM centers_division d WHERE d.code = s.code AND {IS_CURRENT})"
        " GROUP BY s.code ORDER BY s.code",
        on,
    )
