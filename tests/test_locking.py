"""Rows are locked by their keys alone, and read when the lock is held; nothing else locks rows."""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection, transaction

from appointments.models import Slot
from centers.models import Center
from portal import locking
from tests import factories, locks
from tests.behind import behind
from tests.together import together

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [
    path
    for app in ("portal", "centers", "appointments", "assessments")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
]
IN_SQL = re.compile(r"\bSELECT\b.*\bFROM\b.*\bFOR (NO KEY )?(UPDATE|SHARE)\b", re.DOTALL)


def locks_rows(path: Path) -> bool:
    """By the ORM or in SQL of its own."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr == "select_for_update":
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_SQL.search(node.value):
            return True
    return False


def calls_of(function: ast.FunctionDef) -> set[str]:
    called = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {getattr(func, "attr", getattr(func, "id", "")) for func in called}


def test_one_module_locks_rows():
    """And one prepared statement, which each booking runs: it locks a bare row by its key and reads its own name."""
    found = {str(path.relative_to(ROOT)) for path in SOURCES if locks_rows(path)}

    assert found == {"portal/locking.py", "centers/people/residents.py"}


def test_what_is_called_locked_goes_through_it():
    """`Case.objects.locked`, `calling._locked` …: each calls portal.locking, or another that does."""
    functions = {
        (path.name, node.name): calls_of(node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and "locked" in node.name.split("_")
    }

    assert len(functions) >= 9
    assert [name for name, calls in functions.items() if not calls & {"lock", "locked", "all_locked", "_locked"}] == []


def test_the_clock_is_read_when_the_lock_is_held():
    """Read before, a step that has waited is stored as earlier than what it waited for, and a constraint refuses it."""
    locks_something = {"lock", "locked", "_locked", "_locked_both", "lock_stage", "lock_people", "lock_slots"}
    clock = ("timezone.now", "Now.read")
    early = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
                reads = [call.lineno for call in calls if ast.unparse(call.func) in clock]
                held = [call.lineno for call in calls if ast.unparse(call.func).split(".")[-1] in locks_something]
                if reads and held and min(reads) < min(held):
                    early.append(f"{path.name}: {node.name}")

    assert early == []


@pytest.mark.parametrize(
    ("sql", "is_bare"),
    [
        ('SELECT "a"."id" FROM "a" WHERE "a"."id" IN (%s, %s) ORDER BY "a"."id" ASC FOR UPDATE', True),
        ('PREPARE p_1 AS SELECT "a"."b" FROM "a" WHERE "a"."id" = $1 FOR NO KEY UPDATE; EXECUTE p_1 (%s)', True),
        ('SELECT "a"."id", "a"."b" FROM "a" WHERE "a"."c" = %s LIMIT 21 FOR NO KEY UPDATE', True),
        ('SELECT "a"."id" FROM "a" INNER JOIN "b" ON ("a"."b_id" = "b"."id") FOR UPDATE OF "a"', False),
        ('SELECT "a"."id" FROM "a" LEFT OUTER JOIN "b" ON ("a"."b_id" = "b"."id") FOR NO KEY UPDATE OF "a"', False),
        ('SELECT "a"."id" FROM "a" WHERE EXISTS(SELECT 1 FROM "b" U0 WHERE U0."a" = "a"."id") FOR UPDATE', False),
        ('SELECT "a"."id", (SELECT 1) FROM "a" FOR SHARE', False),
        ('UPDATE "a" SET "x" = %s WHERE "a"."id" = %s AND "a"."y" IS NULL', True),
        (
            'UPDATE "a" SET "x" = %s WHERE "a"."id" IN (SELECT U0."id" FROM "a" U0 JOIN "b" U1 ON (U0."b" = U1."id"))',
            False,
        ),
    ],
)
def test_the_run_knows_a_statement_that_locks_or_changes_rows_by_what_stands_elsewhere(sql, is_bare):
    assert locks.is_bare(sql) == is_bare


@pytest.mark.django_db
def test_on_postgresql_every_statement_of_the_run_is_looked_at(center):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row locks")
    with transaction.atomic():
        list(Center.objects.select_for_update(of=("self",)).select_related("division"))

    assert len(locks.taken()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_of_a_transaction_is_a_mistake(center):
    with pytest.raises(transaction.TransactionManagementError):
        locking.lock(Center, [center.pk])


@pytest.mark.django_db
def test_a_row_that_is_none_of_them_now_is_not_found(center):
    with pytest.raises(Center.DoesNotExist):
        locking.locked(Center.objects.filter(name="another"), center.pk)


@pytest.mark.django_db
def test_rows_come_in_the_order_that_was_asked_for(center):
    slots = [factories.SlotFactory(center=center, starts_at=factories.appointments.at(3, hour)) for hour in (11, 9, 10)]

    found = locking.all_locked(Slot.objects.filter(center=center).order_by("starts_at"))

    assert [slot.pk for slot in found] == [slots[1].pk, slots[2].pk, slots[0].pk]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_what_is_locked_is_read_as_whoever_was_first_has_left_it(center, township):
    moved = factories.DivisionFactory(code="990101100240")

    def first() -> None:
        locking.lock(Center, [center.pk])
        Center.objects.filter(pk=center.pk).update(division=moved)

    def second() -> str:
        with transaction.atomic():
            return locking.locked(Center.objects.select_related("division"), center.pk).division.code

    assert behind(first, second)[1] == moved.code


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_what_is_not_among_them_any_more_is_left_out(center):
    slot = factories.SlotFactory(center=center)

    def second() -> list[Slot]:
        with transaction.atomic():
            return locking.all_locked(Slot.objects.open().filter(center=center))

    def first() -> None:
        Slot.objects.filter(pk=slot.pk).update(closed_at=slot.starts_at)

    assert behind(first, second)[1] == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_locked_over_a_join_it_is_not_found(center, township):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row locks")
    moved = factories.DivisionFactory(code="990101100240")

    def second() -> Center:
        with transaction.atomic():
            return Center.objects.select_for_update(of=("self",)).select_related("division").get(pk=center.pk)

    _first, answer = behind(lambda: Center.objects.filter(pk=center.pk).update(division=moved), second)

    assert isinstance(answer, Center.DoesNotExist)
    assert len(locks.taken()) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_lock_the_same_rows_in_another_order_do_not_wait_for_each_other(center):
    slots = [factories.SlotFactory(center=center, starts_at=factories.appointments.at(3, hour)).pk for hour in (9, 10)]

    def both(pks: list[int]) -> bool:
        with transaction.atomic():
            locking.lock(Slot, pks)
            return True

    assert together(both, [slots, slots[::-1]] * 2) == [True] * 4
