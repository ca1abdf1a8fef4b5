"""Prepared statements: built once, run with other values."""

from collections import namedtuple
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from appointments.models import Slot
from centers.models import CalendarDay, Center, Resident
from portal.prepared import ROWS_AT_ONCE, Prepared, PreparedInsert, PreparedUpdate, _literal
from tests import factories

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def prepared(settings):
    """tests/test_switches.py asks for the other way."""
    settings.PREPARED_STATEMENTS = True


@pytest.fixture
def slots(center):
    return [factories.SlotFactory(center=center, starts_at=MORNING + timedelta(hours=hour)) for hour in range(3)]


def test_it_answers_each_time_for_the_values_given(slots):
    after = Prepared(
        lambda start: Slot.objects.filter(starts_at__gt=start).order_by("pk").values_list("pk", "starts_at")
    )

    assert after(start=MORNING) == [(slot.pk, slot.starts_at) for slot in slots[1:]]
    assert after(start=slots[1].starts_at) == [(slots[2].pk, slots[2].starts_at)]


def test_it_makes_instances_with_what_was_selected_along(center, django_assert_num_queries):
    by_code = Prepared(lambda code: Center.objects.select_related("division").filter(division__code=code))

    with django_assert_num_queries(1):
        assert [(found, found.division.name) for found in by_code(code=center.code)] == [(center, center.division.name)]
    assert by_code(code="990101100999") == []


def test_the_same_value_twice_is_put_in_twice(slots, center):
    within = Prepared(
        lambda pk, start: Slot.objects.filter(center=pk, pk__gt=0, starts_at=start).values_list("center", "pk")
    )

    assert within(pk=center.pk, start=MORNING) == [(center.pk, slots[0].pk)]
    assert within(pk=center.pk + 1, start=MORNING) == []


def test_a_day_is_put_in_as_a_day():
    factories.CalendarDayFactory(date=date(2026, 12, 1), name="a Tuesday")
    names = Prepared(lambda day: CalendarDay.objects.filter(date=day).values_list("name"))

    assert names(day=date(2026, 12, 1)) == [("a Tuesday",)]
    assert names(day=date(2026, 12, 2)) == []


def test_a_lookup_that_changes_a_value_is_refused_when_it_is_built(center):
    starting = Prepared(lambda words: Center.objects.filter(name__startswith=words))

    with pytest.raises(ValueError, match="words"):
        starting(words="柳湾")


def test_an_update_judges_each_row_as_it_is(slots):
    take = PreparedUpdate(
        lambda pk, size: (
            Slot.objects.open().filter(pk=pk, online_taken__lte=F("online_places") - size),
            {"online_taken": F("online_taken") + size},
        )
    )
    slot = slots[0]
    slot.online_places = 3
    slot.save()

    assert [take(pk=slot.pk, size=2), take(pk=slot.pk, size=2), take(pk=slot.pk, size=1)] == [1, 0, 1]
    slot.refresh_from_db()
    assert slot.online_taken == 3


def test_rows_are_written_in_one_statement_and_know_their_pks(village, django_assert_num_queries):
    people = [Resident(division=village, name=name, phone="") for name in ("王桂兰", "王福来")]

    with django_assert_num_queries(1):
        assert PreparedInsert(Resident)(people) == 2
    assert [Resident.objects.get(pk=person.pk).name for person in people] == ["王桂兰", "王福来"]
    assert Resident.objects.get(name="王桂兰").created_at == people[0].created_at


def test_more_rows_than_a_statement_takes_are_written_too(village):
    people = [Resident(division=village, name=f"第{number}人") for number in range(ROWS_AT_ONCE + 1)]

    assert PreparedInsert(Resident)(people) == Resident.objects.count() == ROWS_AT_ONCE + 1


def test_known_rows_are_skipped_and_the_transaction_goes_on(resident):
    same = Resident(division=resident.division, name=resident.name, phone=resident.phone)

    assert PreparedInsert(Resident, skip_known=True)([same]) == 0
    assert same.pk is None
    assert Resident.objects.get() == resident


def test_of_rows_that_are_no_models_the_fields_given_are_written_and_the_others_begin_as_the_model_says(village):
    Listed = namedtuple("Listed", "phone division_id name")
    people = [Listed("", village.pk, "王桂兰"), Listed("13800005678", village.pk, "王福来")]

    assert PreparedInsert(Resident, given=Listed._fields)(people) == 2
    written = Resident.objects.order_by("pk").values_list("name", "phone", "division", "villager_group")
    assert list(written) == [("王桂兰", "", village.pk, ""), ("王福来", "13800005678", village.pk, "")]


def sent(statement, *args, **kwargs) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        statement(*args, **kwargs)
    return [query["sql"] for query in seen]


def test_postgresql_keeps_a_plan_for_the_connection_and_sqlite_is_sent_the_statement(resident):
    named = Prepared(lambda name: Resident.objects.filter(name=name))

    (first,), (again,) = sent(named, name=resident.name), sent(named, name=resident.name)
    if connection.vendor == "postgresql":
        assert first == again and again.startswith("EXECUTE portal_")
    else:
        assert first == again and again.startswith("SELECT")


def test_behind_a_pooler_no_plan_outlives_its_statement(resident, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    named = Prepared(lambda name: Resident.objects.filter(name=name))

    assert [sql[:6] for sql in sent(named, name=resident.name)] == ["SELECT"]
    assert named(name=resident.name) == [resident]


def test_a_statement_refused_the_first_time_can_be_run_again(resident):
    insert = PreparedInsert(Resident)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Resident(division=resident.division, name=resident.name, phone=resident.phone)])

    assert insert([Resident(division=resident.division, name="王福来", phone="")]) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite prepares nothing for a connection")
def test_refusals_leave_one_plan_behind(resident):
    insert = PreparedInsert(Resident)

    def refused() -> int:
        with pytest.raises(IntegrityError), transaction.atomic():
            insert([Resident(division=resident.division, name=resident.name, phone=resident.phone)])
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            return cursor.fetchone()[0]

    assert len({refused() for _time in range(5)}) == 1


def test_a_percent_sign_stands_for_itself(resident):
    like = Prepared(lambda pk: Resident.objects.filter(pk=pk).extra(where=["name LIKE '%%'"]))

    assert [like(pk=resident.pk) for _time in range(2)] == [[resident]] * 2


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_gets_a_plan_of_its_own(resident):
    named = Prepared(lambda name: Resident.objects.filter(name=name))
    assert named(name=resident.name) == [resident]

    connection.close()

    assert named(name=resident.name) == [resident]


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_comes_first_on_a_connection_works_each_time(resident):
    """As on a quiet site, where the connection is closed between two visitors (CONN_MAX_AGE)."""
    named = Prepared(lambda name: Resident.objects.filter(name=name))
    for _visitor in range(3):
        connection.close()
        assert named(name=resident.name) == [resident]


def test_what_counts_statements_sees_them_on_a_cursor_that_was_there_before(resident, monkeypatch):
    monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "prepared", None, raising=False)
    named = Prepared(lambda name: Resident.objects.filter(name=name))
    named(name=resident.name)

    assert len(sent(named, name=resident.name)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_usable", [True, False])
def test_a_connection_that_died_is_opened_anew_as_for_any_other_query(resident, monkeypatch, is_usable):
    named = Prepared(lambda name: Resident.objects.filter(name=name))
    named(name=resident.name)
    database, before = connections[DEFAULT_DB_ALIAS], connection.connection
    monkeypatch.setattr(database, "health_check_enabled", True)
    monkeypatch.setattr(database, "health_check_done", False)
    monkeypatch.setattr(database, "is_usable", lambda: is_usable)

    assert named(name=resident.name) == [resident]
    assert (connection.connection is before) == is_usable


def test_a_default_that_cannot_stand_in_sql_as_it_is_is_refused():
    with pytest.raises(TypeError, match="constant"):
        _literal("it's")
