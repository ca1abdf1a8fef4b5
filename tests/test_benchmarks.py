"""`make bench` runs every benchmark."""

import contextlib
import importlib
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from benchmarks import booking
from benchmarks.__main__ import BENCHMARKS, main


def test_every_module_that_can_be_run_is_named():
    written = sorted(
        path.stem for path in (settings.BASE_DIR / "benchmarks").glob("*.py") if "\ndef run(" in path.read_text("utf-8")
    )
    assert written == BENCHMARKS


def test_each_of_them_can_be_imported_without_settings_of_its_own():
    assert all(callable(importlib.import_module(f"benchmarks.{name}").run) for name in BENCHMARKS)


@pytest.mark.once
def test_their_world_has_times_to_book(tmp_path, django_db_setup):
    """Rows that are made past the services need the days that they follow from."""
    file = tmp_path / "world.sqlite3"
    migrated, world = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(file)
    with contextlib.closing(migrated), contextlib.closing(world):
        migrated.backup(world)
    environment = booking.environment_of(f"sqlite:///{file}")
    build = [sys.executable, "-m", "benchmarks.inside.booking", "sqlite", "build"]
    subprocess.run(build, env=environment, cwd=settings.BASE_DIR, check=True)
    with contextlib.closing(sqlite3.connect(file)) as world:
        assert world.execute("SELECT count(*) FROM appointments_slot WHERE closed_at IS NULL").fetchone()[0] > 20 * 100


def test_another_name_is_refused_in_words(capsys):
    assert main(["bookings"]) == 2
    assert "There are: booking" in capsys.readouterr().err
