"""Periodic jobs are defined in one table, read by beat and by the embedded dispatcher."""

from django.utils.module_loading import import_string

from portal import celery


def test_every_entry_names_something_that_can_be_run(settings):
    assert all(callable(import_string(job["run"])) for job in settings.UPKEEP.values())


def test_beat_rings_for_every_entry_and_nothing_else(settings):
    assert {entry["args"][0]: entry["schedule"] for entry in celery.app.conf.beat_schedule.values()} == {
        name: job["every"] for name, job in settings.UPKEEP.items()
    }
