"""tests/databases.py: what a test has committed is gone after it, and a connection that it left open is found."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from centers.models import Division, RoomFunction
from tests import databases, factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_committed_goes_and_what_migrations_wrote_comes_back():
    before = set(RoomFunction.objects.values_list("pk", "code", "name"))
    RoomFunction.objects.all().delete()
    factories.RoomFunctionFactory()
    factories.CenterFactory()

    databases.restore()

    assert set(RoomFunction.objects.values_list("pk", "code", "name")) == before
    assert not Division.objects.exists()


def test_of_two_runs_in_an_empty_folder_one_migrates_and_both_copy_the_whole(tmp_path, settings, monkeypatch):
    """As with a test that starts a run of its own, in a fresh clone."""
    settings.TEST_FOLDER = tmp_path
    migrated = []

    def migrate(name: str) -> None:
        migrated.append(name)
        Path(name).write_text("half")
        time.sleep(0.2)
        Path(name).write_text("whole")

    monkeypatch.setattr(databases, "_migrate", migrate)
    with ThreadPoolExecutor(2) as pool:
        copies = list(pool.map(lambda worker: databases._sqlite_copy(worker, tmp_path), ["one", "two"]))

    assert [Path(copy).read_text() for copy in copies] == ["whole", "whole"]
    assert len(migrated) == 1


def test_a_connection_that_a_thread_left_open_is_found_until_it_is_closed():
    if connection.vendor != "postgresql":
        pytest.skip("nobody can tell who has an SQLite file open")
    opened, may_close = threading.Event(), threading.Event()

    def forget_to_close() -> None:
        connection.ensure_connection()
        opened.set()
        may_close.wait(30)
        connection.close()

    thread = threading.Thread(target=forget_to_close)
    thread.start()
    opened.wait(30)
    found = databases.others(seconds=0)
    may_close.set()
    thread.join()

    assert len(found) == 1
    assert databases.others() == []
