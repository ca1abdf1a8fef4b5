"""A query that the ORM builds once and that is then asked again and again with other values.

Building a query costs Django several times what the database takes to answer it. For the few that every
visitor waits for, this keeps the SQL that the ORM has made, for either database, and puts new values in.

    @Prepared
    def residents(division: int, phone: str):
        return Resident.objects.filter(division=division, phone=phone)

    residents(division=7, phone="13800005678")  # a list: rows of a model, or tuples of a values_list
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.query import ModelIterable, QuerySet, get_related_populators
from django.db.models.sql.compiler import SQLCompiler


@dataclass(frozen=True, slots=True)
class Plan:
    sql: str
    names: list[str]  # of the values, in the order in which the SQL wants them
    fixed: dict[int, Any]  # values that the query itself brings along, by place
    converters: list[tuple[int, list[Callable], Any]]  # what makes Python's values from the database's, by column
    instance: Callable[[tuple], Any]


class Prepared:
    """Values are texts, whole numbers and moments, as a column stores them: no lookup may change them on their way."""

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._plans: dict[str, Plan] = {}

    def __call__(self, **values: Any) -> list:
        plan = self._plans.get(connection.vendor)
        if plan is None:
            plan = self._plans[connection.vendor] = self._prepare(values)
        parameters = [_stored(values[name]) if name else plan.fixed[at] for at, name in enumerate(plan.names)]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, parameters)
            rows = cursor.fetchall()
        for column, convert, expression in plan.converters:
            for at, row in enumerate(rows):
                value = row[column]
                for change in convert:
                    value = change(value, expression, connection)
                rows[at] = (*row[:column], value, *row[column + 1 :])
        return [plan.instance(row) for row in rows]

    def _prepare(self, values: dict[str, Any]) -> Plan:
        stand_ins = {name: _stand_in(number, value) for number, (name, value) in enumerate(values.items())}
        rows = self._build(**stand_ins)
        compiler = rows.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        by_stand_in = {_stored(stand_in): name for name, stand_in in stand_ins.items()}
        names = [by_stand_in.get(parameter, "") for parameter in parameters]
        if missing := set(values) - set(names):
            raise ValueError(f"a lookup changed these on their way into the query: {', '.join(sorted(missing))}")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return Plan(
            sql,
            names,
            {at: parameter for at, parameter in enumerate(parameters) if not names[at]},
            [(column, convert, expression) for column, (convert, expression) in converters.items()],
            _instances(compiler) if issubclass(rows._iterable_class, ModelIterable) else tuple,
        )


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


def _stored(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
