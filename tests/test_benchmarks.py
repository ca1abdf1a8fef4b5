"""`make bench` runs every benchmark."""

import importlib

from django.conf import settings

from benchmarks.__main__ import BENCHMARKS, main


def test_every_module_that_can_be_run_is_named():
    written = sorted(
        path.stem for path in (settings.BASE_DIR / "benchmarks").glob("*.py") if "\ndef run(" in path.read_text("utf-8")
    )
    assert written == BENCHMARKS


def test_each_of_them_can_be_imported_without_settings_of_its_own():
    assert all(callable(importlib.import_module(f"benchmarks.{name}").run) for name in BENCHMARKS)


def test_another_name_is_refused_in_words(capsys):
    assert main(["bookings"]) == 2
    assert "There are: booking" in capsys.readouterr().err
