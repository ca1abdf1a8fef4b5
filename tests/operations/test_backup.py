"""F13: a backup made during bookings restores with all invariants and all confirmed bookings."""

import contextlib
import os
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest
from django.db import connection

from appointments.models import Appointment, Slot
from centers.models import Resident
from portal import backups
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at
from tests.operations.processes import fresh_database, manage
from tests.servers import import_pgserver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

KEYS = "from appointments.models import Appointment; print(*Appointment.objects.values_list('key', flat=True))"


@pytest.fixture(autouse=True)
def postgres_tools(monkeypatch):
    """Those of the wheel that the tests' server comes from, where a real machine has them on PATH."""
    if connection.vendor == "postgresql":
        newest = max(Path(import_pgserver().__file__).parent.glob("pginstall*"), key=lambda folder: folder.name)
        tools = newest / "bin"
        monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def copy(tmp_path) -> Path:
    return tmp_path / "portal.backup"


class Customers(threading.Thread):
    """Book one place after the other until told to stop; `answered` holds the keys of what was confirmed."""

    def __init__(self, slots: list[Slot], people: list[Resident], item):
        super().__init__()
        self.wishes = [(slot, person) for person in people for slot in slots]
        self.item, self.answered, self.enough = item, [], threading.Event()

    def run(self) -> None:
        try:
            for slot, person in self.wishes:
                if self.enough.is_set():
                    break
                self.answered.append(book(slot, self.item, person).key)
        finally:
            connection.close()


@pytest.fixture
def customers(center, item, village, settings):
    settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = settings.BOOKING_LIMIT_PER_PHONE_AND_DAY = 100
    slots = [factories.SlotFactory(center=center, starts_at=at(day, 9), online_places=100) for day in range(2, 22)]
    people = [factories.ResidentFactory(division=village) for _ in range(90)]
    crowd = [Customers(slots, people[half::2], item) for half in (0, 1)]
    for thread in crowd:
        thread.start()
    yield crowd
    for thread in crowd:
        thread.enough.set()
        thread.join()


def test_f13_what_was_answered_before_the_backup_is_in_the_restored_copy(customers, copy, tmp_path):
    wait_until(lambda: all(len(thread.answered) >= 10 for thread in customers))
    answered = {key for thread in customers for key in list(thread.answered)}
    backups.save(copy)
    were_busy = all(thread.is_alive() for thread in customers)
    for thread in customers:
        thread.enough.set()
        thread.join()

    with fresh_database(tmp_path) as url:
        restored = manage("restore", str(copy), DATABASE_URL=url)
        assert restored.returncode == 0, restored.stderr
        assert manage("migrate", "--check", DATABASE_URL=url).returncode == 0
        checked = manage("check_invariants", DATABASE_URL=url)
        assert (checked.returncode, checked.stderr) == (0, "")
        assert answered <= set(manage("shell", "--verbosity=0", "-c", KEYS, DATABASE_URL=url).stdout.split())
    assert were_busy


def test_f13_control_the_file_alone_lacks_what_stands_in_its_wal(slot, item, resident, copy):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is no file")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = book(slot, item, resident)
    # In another process: closing the file in this one would drop all POSIX locks that SQLite holds on it here, and
    # a portal process that ends later would delete the -wal from which this one still reads.
    subprocess.run(["cp", connection.settings_dict["NAME"], copy], check=True)
    with contextlib.closing(sqlite3.connect(copy)) as alone:
        assert alone.execute("SELECT count(*) FROM appointments_appointment").fetchone() == (0,)
    backups.save(copy)
    with contextlib.closing(sqlite3.connect(copy)) as whole:
        assert whole.execute("SELECT key FROM appointments_appointment").fetchall() == [(kept.key,)]


def wait_until(condition, seconds: float = 60) -> None:
    waiter = threading.Event()
    for _ in range(int(seconds * 50)):
        if condition():
            return
        waiter.wait(0.02)
    raise TimeoutError


def test_a_database_in_use_is_not_overwritten_unless_that_is_said(slot, item, resident, copy):
    backups.save(copy)
    book(slot, item, resident)
    with pytest.raises(backups.BackupError, match="--replace"):
        backups.restore(copy)
    assert Appointment.objects.count() == 1


def test_with_replace_it_is_as_it_was_at_the_backup(slot, item, resident, copy):
    kept = book(slot, item, resident)
    backups.save(copy)
    book(slot, item, factories.ResidentFactory(division=resident.division))
    backups.restore(copy, replace=True)
    assert list(Appointment.objects.values_list("key", flat=True)) == [kept.key]


def test_a_file_that_is_no_copy_changes_nothing(slot, item, resident, copy):
    book(slot, item, resident)
    copy.write_bytes(b"not a database" * 1000)
    with pytest.raises(backups.BackupError):
        backups.restore(copy, replace=True)
    assert Appointment.objects.count() == 1


def test_half_a_copy_changes_nothing(slot, item, resident, copy):
    book(slot, item, resident)
    backups.save(copy)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    with pytest.raises(backups.BackupError):
        backups.restore(copy, replace=True)
    assert Appointment.objects.count() == 1


def test_a_backup_that_fails_leaves_the_older_one(copy, monkeypatch):
    copy.write_text("yesterday's")
    monkeypatch.setitem(connection.settings_dict, "NAME", "no-such-folder/no-such-database")
    with pytest.raises(backups.BackupError):
        backups.save(copy)
    assert (copy.read_text(), len(list(copy.parent.iterdir()))) == ("yesterday's", 1)


def test_only_the_owner_can_read_a_backup(slot, copy):
    backups.save(copy)
    assert copy.stat().st_mode & 0o077 == 0


def test_without_the_tools_it_says_what_to_install(copy, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no tools")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(backups.BackupError, match="client tools"):
        backups.save(copy)
