"""Replays the SQL statements of one real booking with other values: the cost of SQL alone.

No validation, no texts, no model instances: a lower bound for any implementation that writes these rows.
"""

import itertools
import json
import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from portal.executing import run

_numbers = itertools.count()  # for codes beginning with 0, which the portal never generates
_seen: list[tuple[str, list]] = []


def watch(book: Callable[[], None]) -> None:
    """Record the statements of one booking, with prepared statements disabled."""

    def keep(execute, sql, values, many, context):
        if sql.startswith(("SELECT", "INSERT", "UPDATE")):
            _seen.append((sql, list(values or [])))
        return execute(sql, values, many, context)

    known, connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False, True
    with connection.execute_wrapper(keep):
        book()
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = known


def number() -> int:
    return len(_seen)


@csrf_exempt
@login_not_required
def again(request: HttpRequest) -> JsonResponse:
    asked, made = json.loads(request.body), {}
    unique = uuid.uuid4().hex
    new = {"phone": asked["phone"], "key": unique, "link": unique[:22], "code": f"0{next(_numbers):05d}"}
    with transaction.atomic():
        for sql, values in _seen:
            if not sql.startswith("INSERT"):
                cursor = run(sql, values)
                cursor.fetchall() if sql.startswith("SELECT") else None
                continue
            table, columns = _into(sql)
            values = [_other(columns[at % len(columns)], value, new, made) for at, value in enumerate(values)]
            made[table] = run(sql, values).fetchall()[0][0]
    return JsonResponse({"code": new["code"]}, status=201)


def _into(sql: str) -> tuple[str, list[str]]:
    """The table and the parameterised columns of an INSERT; constants come last."""
    columns = sql[sql.index("(") + 1 : sql.index(")")].replace('"', "").split(", ")
    row = sql[sql.index("VALUES (") + 8 :]
    return sql.split('"')[1], columns[: row[: row.index(")")].count("%s")]


def _other(column: str, value: object, new: dict, made: dict) -> object:
    match column:
        case "resident_id":
            return made["centers_resident"]
        case "appointment_id":
            return made["appointments_appointment"]
        case "subject":
            return f"again:{made['appointments_appointment']}"
    return new.get(column, value)
