"""Watches all SQL of a run on PostgreSQL for statements that lock or change rows by what stands in other rows."""

import re

from django.db.backends.signals import connection_created

LOCKS = re.compile(r"\bFOR (NO KEY )?(UPDATE|SHARE)\b")
# One table, and nothing about any other.
BARE = re.compile(r'SELECT (?:(?!\bSELECT\b|\bFROM\b).)+ FROM "\w+" (?:(?!\bSELECT\b|\bJOIN\b|\bFROM\b).)+', re.DOTALL)
PREPARED = re.compile(r"PREPARE \w+ AS (.*); EXECUTE .*", re.DOTALL)  # portal.prepared
# Django's own form of an UPDATE whose filter joins: the conditions on the row itself are in the subquery as well.
OF_ITSELF = re.compile(r'(?:UPDATE|DELETE FROM) "(\w+)" .*?WHERE.*? IN \(SELECT .*? FROM "\1" ', re.DOTALL)

found: list[str] = []


def watch(connection, **_signal) -> None:
    if connection.vendor == "postgresql" and _look not in connection.execute_wrappers:
        connection.execute_wrappers.append(_look)


def _look(execute, sql, params, many, context):
    if not is_bare(sql):
        found.append(sql)
    return execute(sql, params, many, context)


def is_bare(sql: str) -> bool:
    """Not one that locks or changes rows by what stands in others: after a wait it would not ask about those again."""
    sql = PREPARED.sub(r"\1", sql)
    return not (LOCKS.search(sql) and not BARE.fullmatch(sql)) and not OF_ITSELF.match(sql)


def begin() -> None:
    connection_created.connect(watch)


def taken() -> list[str]:
    """What was found since the last call."""
    seen = found.copy()
    found.clear()
    return seen
