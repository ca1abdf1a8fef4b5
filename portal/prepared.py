"""A statement that the ORM builds once and that is then run again and again with other values.

Building a statement costs Django several times what the database takes to run it. For the few that every
visitor waits for, this keeps the SQL that the ORM has made, for either database, and puts new values in. PostgreSQL
keeps its own plan of each as well, for as long as a connection lives; see `run`.

    @Prepared
    def residents(division: int, phone: str):
        return Resident.objects.filter(division=division, phone=phone)

    residents(division=7, phone="13800005678")  # a list: rows of a model, or tuples of a values_list

    @PreparedUpdate
    def rename(pk: int, name: str):
        return Resident.objects.filter(pk=pk), {"name": name}

    rename(pk=7, name="王桂兰")  # how many rows it changed

    insert = PreparedInsert(Resident)
    insert([Resident(...), Resident(...)])  # in one statement; each then knows its pk

Values are texts, whole numbers and moments, as a column stores them: no lookup may change them on their way.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models.query import ModelIterable, QuerySet, get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import cached_property

# SQLite takes at least 999 values in a statement, and our widest row has 27.
ROWS_AT_ONCE = 30


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    names: list[str]  # of the values, in the order in which the SQL wants them
    fixed: dict[int, Any]  # values that the query itself brings along, by place

    def parameters(self, values: dict[str, Any]) -> list:
        return _stored(values[name] if name else self.fixed[at] for at, name in enumerate(self.names))


@dataclass(frozen=True, slots=True)
class Plan:
    statement: Statement
    converters: list[tuple[int, list[Callable], Any]]  # what makes Python's values from the database's, by column
    instance: Callable[[tuple], Any]

    def converted(self, row: tuple) -> tuple:
        values = list(row)
        for column, changes, expression in self.converters:
            for change in changes:
                values[column] = change(values[column], expression, connection)
        return tuple(values)


class Prepared:
    """A query; see above."""

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._plan: Plan | None = None

    def __call__(self, **values: Any) -> list:
        if self._plan is None:
            self._plan = self._prepare(values)
        plan = self._plan
        rows = run(plan.statement.sql, plan.statement.parameters(values)).fetchall()
        return [plan.instance(plan.converted(row)) for row in rows]

    def _prepare(self, values: dict[str, Any]) -> Plan:
        stand_ins = _stand_ins(values)
        rows = self._build(**stand_ins)
        compiler = rows.query.get_compiler(connection=connection)
        statement = _statement(compiler, stand_ins)
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return Plan(
            statement,
            [(column, convert, expression) for column, (convert, expression) in converters.items()],
            _instances(compiler) if issubclass(rows._iterable_class, ModelIterable) else tuple,
        )


class PreparedUpdate:
    """What is built are the rows and their new values. The condition is judged by the database, as in any update."""

    def __init__(self, build: Callable[..., tuple[QuerySet, dict[str, Any]]]) -> None:
        self._build = build
        self._statement: Statement | None = None

    def __call__(self, **values: Any) -> int:
        if self._statement is None:
            self._statement = self._prepare(values)
        return run(self._statement.sql, self._statement.parameters(values)).rowcount

    def _prepare(self, values: dict[str, Any]) -> Statement:
        stand_ins = _stand_ins(values)
        rows, changes = self._build(**stand_ins)
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        return _statement(query.get_compiler(connection=connection), stand_ins)


class PreparedInsert:
    """New rows as `bulk_create` writes them: all in one statement, no signals, nothing validated.

    With `skip_known`, rows that the database's constraints refuse are left out, and the transaction goes on. Where the
    fields that differ are `given`, rows may be anything that has those; they are not told their pk.
    """

    def __init__(self, model: type[models.Model], *, given: Sequence[str] = (), skip_known: bool = False) -> None:
        self._model = model
        self._given = given
        self._skip_known = skip_known

    def __call__(self, rows: Sequence) -> int:
        """How many were written. When it was all of them, each instance has its pk."""
        return sum(self._insert(rows[at : at + ROWS_AT_ONCE]) for at in range(0, len(rows), ROWS_AT_ONCE))

    def _insert(self, rows: Sequence) -> int:
        sql = f"{self._beginning} VALUES {', '.join([self._marks] * len(rows))} {self._ending}"
        pks = run(sql, self._values(rows)).fetchall()
        if len(pks) == len(rows) and not self._given:
            for made, (pk,) in zip(rows, pks, strict=True):
                made.pk, made._state.adding, made._state.db = pk, False, DEFAULT_DB_ALIAS
        return len(pks)

    def _values(self, rows: Sequence) -> list:
        alike, values = [make() for make in self._made], []
        for row in rows:
            values += self._read(row)
            values += alike
        return _stored(values)

    @cached_property
    def _fields(self) -> list[models.Field]:
        """Those that rows have, those that are made anew each time, and those that begin with a constant."""
        fields = [field for field in self._model._meta.concrete_fields if not (field.primary_key or field.generated)]
        return sorted(fields, key=lambda field: (self._is_left_out(field), not _is_made(field)))

    def _is_left_out(self, field: models.Field) -> bool:
        return bool(self._given) and field.attname not in self._given

    @cached_property
    def _made(self) -> list[Callable]:
        return [field.default for field in self._fields if self._is_left_out(field) and _is_made(field)]

    @cached_property
    def _marks(self) -> str:
        """One row's place in the statement; constants stand in it as they are, so that nobody carries them along."""
        left_out = [field for field in self._fields if self._is_left_out(field) and not _is_made(field)]
        constants = [_literal(field.get_default()) for field in left_out]
        return f"({', '.join(['%s'] * (len(self._fields) - len(constants)) + constants)})"

    @cached_property
    def _read(self) -> Callable[[Any], tuple]:
        return attrgetter(*[field.attname for field in self._fields if not self._is_left_out(field)])

    @cached_property
    def _beginning(self) -> str:
        quoted = connection.ops.quote_name
        columns = ", ".join(quoted(field.column) for field in self._fields)
        return f"INSERT INTO {quoted(self._model._meta.db_table)} ({columns})"

    @cached_property
    def _ending(self) -> str:
        unless_known = "ON CONFLICT DO NOTHING " if self._skip_known else ""
        return f"{unless_known}RETURNING {connection.ops.quote_name(self._model._meta.pk.column)}"


_numbers = itertools.count(1)


@dataclass(slots=True)
class Kept:
    """What lives as long as this thread's present connection: to make a cursor takes as long as to run a statement."""

    connection: Any  # the driver's own
    is_logging: bool  # Django looks only at a new cursor's beginning whether to log what it runs
    cursor: CursorWrapper
    plans: dict[str, str]  # what PostgreSQL knows, and how to ask for it, by SQL


def run(sql: str, values: list) -> CursorWrapper:
    """Run the statement with these values; its rows are to be fetched before the next one runs.

    PostgreSQL parses and plans it only the first time in a connection, which takes it longer than running it does.
    Nothing takes a plan back, also no rollback. Behind a pooler that gives each transaction another connection there
    would be none: see DATABASE_POOLER in docs/configuration.md.
    """
    database = connections[DEFAULT_DB_ALIAS]
    kept = _kept(database)
    if database.vendor != "postgresql" or database.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        kept.cursor.execute(sql, values)
        return kept.cursor
    if sql in kept.plans:
        kept.cursor.execute(kept.plans[sql], values)
        return kept.cursor
    number, places = next(_numbers), itertools.count(1)
    text = "".join(part if part != "%s" else f"${next(places)}" for part in re.split("(%s)", sql))
    execute = f"EXECUTE portal_{number}" + (f" ({', '.join(['%s'] * len(values))})" if values else "")
    kept.cursor.execute(f"PREPARE portal_{number} AS {text}; {execute}", values)
    kept.plans[sql] = execute
    return kept.cursor


def _kept(database: BaseDatabaseWrapper) -> Kept:
    database.close_if_health_check_failed()  # as Django does before it makes a cursor
    kept: Kept | None = getattr(database, "kept", None)
    if kept and kept.connection is database.connection and kept.is_logging == database.queries_logged:
        return kept
    cursor = database.cursor()
    plans = kept.plans if kept and kept.connection is database.connection else {}
    database.kept = Kept(database.connection, database.queries_logged, cursor, plans)
    return database.kept


def _is_made(field: models.Field) -> bool:
    return field.has_default() and callable(field.default)


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case int():
            return str(value)
        case str() if value.isalnum() or not value:
            return f"'{value}'"
    raise TypeError(f"no constant to write into SQL: {value!r}")


def _instances(compiler: SQLCompiler) -> Callable[[tuple], models.Model]:
    """As Django makes a model's row from a database's, with what was selected along with it."""
    select, info = compiler.select, compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    related = get_related_populators(info, select, DEFAULT_DB_ALIAS)

    def instance(row: tuple) -> models.Model:
        made = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
        for populator in related:
            populator.populate(row, made)
        return made

    return instance


def _statement(compiler: SQLCompiler, stand_ins: dict[str, Any]) -> Statement:
    sql, parameters = compiler.as_sql()
    by_stand_in = dict(zip(_stored(stand_ins.values()), stand_ins, strict=True))
    names = [by_stand_in.get(parameter, "") for parameter in parameters]
    if missing := set(stand_ins) - set(names):
        raise ValueError(f"a lookup changed these on their way into the query: {', '.join(sorted(missing))}")
    return Statement(sql, names, {at: parameter for at, parameter in enumerate(parameters) if not names[at]})


def _stand_ins(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _stand_in(number, value) for number, (name, value) in enumerate(values.items())}


def _stand_in(number: int, value: Any) -> Any:
    """Something of the same type that occurs nowhere else."""
    match value:
        case str():
            return f"value {number}"
        case datetime():
            return datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=number)
        case int():
            return 1_900_000_000 + number
    raise TypeError(type(value))


def _stored(values: Iterable) -> list:
    """As the columns want them."""
    return [_moment(value) if isinstance(value, datetime) else value for value in values]


@lru_cache(maxsize=1000)
def _moment(value: datetime) -> Any:
    """One that stands in many rows, and in many bookings of the same time, is worked out once."""
    return connection.ops.adapt_datetimefield_value(value)
