"""Prepared statements: the ORM compiles the SQL once and PostgreSQL plans it once, then it runs with other values.

What it buys (`python -m benchmarks switches`: off beside on, in turns, medians of 7 rounds; two runs, busy machine):
without it a booking takes 1.8 to 2.2 times as long on SQLite and 2.4 on PostgreSQL, free times as JSON 3.0 to 3.7 and
2.2 times, the booking page 1.2 to 1.4 and 1.1 to 1.2 times. Compiling a QuerySet costs Django several times what the
database needs to run it, and parsing and planning cost PostgreSQL more than running (docs/decisions/0017).

Checked with Django 5.2.19, psycopg2 2.9.13, PostgreSQL 18.4, SQLite 3.40.1, Python 3.11.7. Private API it leans on:
`SQLCompiler.select`, `klass_info` and `get_converters`, `Query.default_cols`, `get_related_populators`,
`UpdateQuery.add_update_values`, `connection.ops`. With any Django but 5.2 it is off by default; where it is on and that
API has changed, the first run of a statement raises, and tests/test_prepared.py fails.

Switch: `PREPARED_STATEMENTS=0`. Everything here then is an ordinary QuerySet, `update` or `bulk_create`.

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

Parameters are str, int, date and datetime, in the form in which the column stores them: lookups that transform them,
such as `contains`, raise ValueError. No new callers, except on pages that every visitor waits for.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, models, transaction
from django.db.models import QuerySet
from django.utils.functional import cached_property

from portal.executing import run

# Private API is imported where it is used: with the switch off, none of it has to be there.
if TYPE_CHECKING:
    from django.db.models.sql.compiler import SQLCompiler

# SQLite takes at least 999 values in a statement, and our widest row has 27.
ROWS_AT_ONCE = 30


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    names: list[str]  # of the parameter for each placeholder, "" for a constant of the query
    fixed: dict[int, Any]  # those constants, by position of the placeholder

    def parameters(self, values: dict[str, Any]) -> list:
        return _stored(values[name] if name else self.fixed[at] for at, name in enumerate(self.names))


@dataclass(frozen=True, slots=True)
class Compiled:
    statement: Statement
    converters: list[tuple[int, list[Callable], Any]]  # (column, functions from database to Python values, expression)
    instance: Callable[[tuple], Any]  # from a converted row to a model instance or a tuple

    def converted(self, row: tuple) -> tuple:
        values = list(row)
        for column, convert, expression in self.converters:
            for converter in convert:
                values[column] = converter(values[column], expression, connection)
        return tuple(values)


class Prepared:
    """A SELECT. `build` gets the parameters by name and returns the QuerySet; it may run only once."""

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._compiled: Compiled | None = None

    def __call__(self, **values: Any) -> list:
        if not settings.PREPARED_STATEMENTS:
            return list(self._build(**values))
        if self._compiled is None:
            self._compiled = self._compile(values)
        compiled = self._compiled
        rows = run(compiled.statement.sql, compiled.statement.parameters(values)).fetchall()
        return [compiled.instance(compiled.converted(row)) for row in rows]

    def _compile(self, values: dict[str, Any]) -> Compiled:
        sentinels = _sentinels(values)
        rows = self._build(**sentinels)
        compiler = rows.query.get_compiler(connection=connection)
        statement = _statement(compiler, sentinels)
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return Compiled(
            statement,
            [(column, [_once(one, expr) for one in convert], expr) for column, (convert, expr) in converters.items()],
            _instances(compiler) if compiler.query.default_cols else tuple,
        )


class PreparedUpdate:
    """A conditional UPDATE; `build` returns the rows and their new values. Returns how many rows it changed."""

    def __init__(self, build: Callable[..., tuple[QuerySet, dict[str, Any]]]) -> None:
        self._build = build
        self._statement: Statement | None = None

    def __call__(self, **values: Any) -> int:
        if not settings.PREPARED_STATEMENTS:
            rows, changes = self._build(**values)
            return rows.update(**changes)
        if self._statement is None:
            self._statement = self._compile(values)
        return run(self._statement.sql, self._statement.parameters(values)).rowcount

    def _compile(self, values: dict[str, Any]) -> Statement:
        from django.db.models.sql import UpdateQuery

        sentinels = _sentinels(values)
        rows, changes = self._build(**sentinels)
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        return _statement(query.get_compiler(connection=connection), sentinels)


class PreparedInsert:
    """A multi-row INSERT like `bulk_create`: no signals, no validation.

    With `skip_known`, duplicates are skipped (ON CONFLICT DO NOTHING). With `given`, rows may be any objects with these
    attributes; the other fields take their defaults, and pks are not set.
    """

    def __init__(self, model: type[models.Model], *, given: Sequence[str] = (), skip_known: bool = False) -> None:
        self._model = model
        self._given = given
        self._skip_known = skip_known

    def __call__(self, rows: Sequence) -> int:
        """Returns how many rows were inserted. If none was skipped, each instance gets its pk."""
        insert = self._insert if settings.PREPARED_STATEMENTS else self._insert_by_orm
        return sum(insert(rows[at : at + ROWS_AT_ONCE]) for at in range(0, len(rows), ROWS_AT_ONCE))

    def _insert_by_orm(self, rows: Sequence) -> int:
        """Without `ignore_conflicts`, which sets no pk and on SQLite also hides a violated NOT NULL or CHECK."""
        if self._given:
            rows = [self._model(**{name: getattr(row, name) for name in self._given}) for row in rows]
        try:
            with transaction.atomic():
                return len(self._model._default_manager.bulk_create(rows))
        except IntegrityError as error:
            if not (self._skip_known and _is_duplicate(error)):
                raise
        return sum(self._insert_by_orm([row]) for row in rows) if len(rows) > 1 else 0

    def _insert(self, rows: Sequence) -> int:
        sql = f"{self._beginning} VALUES {', '.join([self._placeholders] * len(rows))} {self._ending}"
        pks = run(sql, self._values(rows)).fetchall()
        if len(pks) == len(rows) and not self._given:
            for made, (pk,) in zip(rows, pks, strict=True):
                made.pk, made._state.adding, made._state.db = pk, False, DEFAULT_DB_ALIAS
        return len(pks)

    def _values(self, rows: Sequence) -> list:
        defaults, values = [make() for make in self._made], []
        for row in rows:
            for field in self._spelled:
                field.pre_save(row, add=True)
            values += self._read(row)
            values += defaults
        return _stored(values)

    @cached_property
    def _spelled(self) -> list[models.Field]:
        return [field for field in self._fields if hasattr(field, "spell") and not self._given]

    @cached_property
    def _fields(self) -> list[models.Field]:
        """In this order: those read from rows, those with a callable default, those with a constant one."""
        fields = [field for field in self._model._meta.concrete_fields if not (field.primary_key or field.generated)]
        return sorted(fields, key=lambda field: (self._is_left_out(field), not _is_made(field)))

    def _is_left_out(self, field: models.Field) -> bool:
        return bool(self._given) and field.attname not in self._given

    @cached_property
    def _made(self) -> list[Callable]:
        return [field.default for field in self._fields if self._is_left_out(field) and _is_made(field)]

    @cached_property
    def _placeholders(self) -> str:
        """VALUES of one row. Constant defaults are literals in the SQL, so that they are not bound for each row."""
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


def _once(converter: Callable, expression: Any) -> Callable:
    """Times repeat from row to row and from page to page: SQLite's texts are parsed once each."""
    if not isinstance(expression.output_field, models.DateField):
        return converter
    parsed = lru_cache(maxsize=10_000)(lambda value: converter(value, expression, connection))
    return lambda value, _expression, _connection: parsed(value)


def _is_duplicate(error: IntegrityError) -> bool:
    cause = error.__cause__
    code = getattr(cause, "pgcode", None) or getattr(cause, "sqlite_errorname", None)
    return code in ("23505", "SQLITE_CONSTRAINT_UNIQUE")


def _is_made(field: models.Field) -> bool:
    return field.has_default() and callable(field.default)


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int():
            return str(value).upper()
        case str() if value.isalnum() or not value:
            return f"'{value}'"
    raise TypeError(f"no constant to write into SQL: {value!r}")


def _instances(compiler: "SQLCompiler") -> Callable[[tuple], models.Model]:
    """Converts rows to model instances as Django's ModelIterable does, with select_related."""
    from django.db.models.query import get_related_populators

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


def _statement(compiler: "SQLCompiler", sentinels: dict[str, Any]) -> Statement:
    sql, parameters = compiler.as_sql()
    by_sentinel = dict(zip(_stored(sentinels.values()), sentinels, strict=True))
    names = [by_sentinel.get(parameter, "") for parameter in parameters]
    if missing := set(sentinels) - set(names):
        raise ValueError(f"a lookup changed these on their way into the query: {', '.join(sorted(missing))}")
    return Statement(sql, names, {at: parameter for at, parameter in enumerate(parameters) if not names[at]})


def _sentinels(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _sentinel(number, value) for number, (name, value) in enumerate(values.items())}


def _sentinel(number: int, value: Any) -> Any:
    """A value of the same type that occurs nowhere else in the query, so that its placeholder can be found."""
    match value:
        case str():
            return f"value{number}"
        case datetime():
            return datetime(1900, 1, 1, tzinfo=UTC) + timedelta(days=number)
        case date():
            return date(1900, 1, 1) + timedelta(days=number)
        case int():
            return 1_900_000_000 + number
    raise TypeError(type(value))


def _stored(values: Iterable) -> list:
    """Values as the driver takes them."""
    return [_adapted(value) if isinstance(value, date) else value for value in values]


@lru_cache(maxsize=1000)
def _adapted(value: date) -> Any:
    """Cached, because many rows and bookings have the same time."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value)
