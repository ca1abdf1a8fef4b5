"""Each clever part can be switched off, and the product works all the same: more slowly, with the same answers.

They are portal/prepared.py (PREPARED_STATEMENTS) and portal/sqlite/ (SQLITE_WRITE_QUEUE). For portal/stack.py, which
goes by Python's version, see tests/test_stack.py; all other tests run without it, since they do not pass portal.wsgi.
"""

import json
import os
import subprocess
import sys
from collections import namedtuple
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction
from django.db.models import F

from appointments.models import Slot
from centers.models import Center, Resident
from portal import settings as production
from portal.executing import run
from portal.notifications.models import Message
from portal.prepared import Prepared, PreparedInsert, PreparedUpdate
from tests import factories

# An application books, people cancel and move, the desk marks the day and calls who walked in, a villager is looked up.
TASKS = [
    "tests/api/test_booking.py",
    "tests/appointments/booking/test_cancelling.py",
    "tests/appointments/desk/test_desk_day.py",
    "tests/appointments/booking/test_moving.py",
    "tests/appointments/desk/test_walk_ins.py",
    "tests/centers/test_residents.py",
]
MORNING = datetime(2026, 12, 1, 1, tzinfo=UTC)


def environment(**variables: str) -> dict[str, str]:
    """Of another test run, with a folder and, on PostgreSQL, a database of its own."""
    inherited = {name: value for name, value in os.environ.items() if name != "TEST_FOLDER"}
    url = urlsplit(inherited["DATABASE_URL"])
    if url.scheme != "sqlite":
        inherited["DATABASE_URL"] = url._replace(path=f"/switches_{os.getpid()}").geturl()
    return inherited | variables


def test_every_task_works_with_both_off():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *TASKS]
    off = environment(PREPARED_STATEMENTS="0", SQLITE_WRITE_QUEUE="0")
    ran = subprocess.run(command, env=off, cwd=site.BASE_DIR, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-5000:]


@pytest.mark.parametrize(
    ("switch", "expected"), [("1", [True, "portal.sqlite"]), ("0", [False, "django.db.backends.sqlite3"])]
)
def test_the_variables_reach_both(switch, expected):
    code = (
        "from portal import settings; import json\n"
        "print(json.dumps([settings.PREPARED_STATEMENTS, settings.DATABASES['default']['ENGINE']]))"
    )
    variables = {"DATABASE_URL": "sqlite:///:memory:", "PREPARED_STATEMENTS": switch, "SQLITE_WRITE_QUEUE": switch}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment(**variables), cwd=site.BASE_DIR, capture_output=True, check=True
    )
    assert json.loads(ran.stdout) == expected


def test_both_are_on_with_this_django():
    """Fails on an upgrade: run `make test` and `python -m benchmarks switches` with both on, then raise the version."""
    assert production.DJANGO_IS_CHECKED


@pytest.fixture(params=[True, False], ids=["on", "off"])
def switch(request, settings, db):
    settings.PREPARED_STATEMENTS = request.param


@pytest.fixture
def slot(center):
    return factories.SlotFactory(center=center, starts_at=MORNING, online_places=3)


def test_a_query_gives_the_same_rows(switch, slot, center, django_assert_num_queries):
    centers = Prepared(lambda code: Center.objects.select_related("division").filter(division__code=code))
    starts = Prepared(lambda center: Slot.objects.filter(center=center).values_list("pk", "starts_at"))

    with django_assert_num_queries(2):
        assert [(found, found.division.name) for found in centers(code=center.code)] == [(center, center.division.name)]
        assert starts(center=center.pk) == [(slot.pk, MORNING)]


def test_an_update_is_conditional_in_the_database(switch, slot):
    take = PreparedUpdate(
        lambda pk, size: (
            Slot.objects.filter(pk=pk, online_taken__lte=F("online_places") - size),
            {"online_taken": F("online_taken") + size},
        )
    )
    assert [take(pk=slot.pk, size=2), take(pk=slot.pk, size=2), take(pk=slot.pk, size=1)] == [1, 0, 1]


def test_rows_that_are_inserted_know_their_pks(switch, village):
    people = [Resident(division=village, name=name, phone="") for name in ("王桂兰", "王福来")]

    assert PreparedInsert(Resident)(people) == 2
    assert [Resident.objects.get(pk=person.pk).name for person in people] == ["王桂兰", "王福来"]


def test_of_rows_that_are_no_models_the_fields_given_are_inserted(switch, village):
    Listed = namedtuple("Listed", "division_id name")

    assert PreparedInsert(Resident, given=Listed._fields)([Listed(village.pk, "王桂兰")]) == 1
    assert Resident.objects.values_list("name", "phone", "villager_group").get() == ("王桂兰", "", "")


def test_duplicates_are_skipped_and_the_others_inserted(switch, resident, village):
    same = Resident(division=village, name=resident.name, phone=resident.phone)
    other = Resident(division=village, name="王福来", phone="")

    with transaction.atomic():
        assert PreparedInsert(Resident, skip_known=True)([same, other]) == 1
    assert set(Resident.objects.values_list("name", flat=True)) == {resident.name, "王福来"}


def test_a_duplicate_is_refused_where_none_is_to_be_skipped(switch, resident, village):
    same = Resident(division=village, name=resident.name, phone=resident.phone)
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Resident)([same])


def test_what_breaks_another_constraint_is_refused_and_not_skipped(switch):
    message: Message = factories.MessageFactory.build(state="listed", channel="sms")
    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Message, skip_known=True)([message])


def test_sql_by_hand_runs_with_its_values(switch):
    assert run("SELECT %s + 1", [7]).fetchone()[0] == 8


def test_with_it_off_postgresql_is_asked_to_prepare_nothing(settings, resident, django_assert_num_queries):
    settings.PREPARED_STATEMENTS = False
    named = Prepared(lambda name: Resident.objects.filter(name=name))
    with django_assert_num_queries(1) as seen:
        assert named(name=resident.name) == [resident]
    assert seen.captured_queries[0]["sql"].startswith("SELECT")
