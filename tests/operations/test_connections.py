"""L8: the check that web threads and workers leave a fifth of the database connections free."""

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from portal import checks

DATABASES = {"databases": ["default"]}


@pytest.fixture
def postgresql(monkeypatch):
    """The check needs no server, only the database vendor."""
    monkeypatch.setattr(connection, "vendor", "postgresql", raising=False)


@pytest.mark.parametrize(("workers", "allowed"), [(19, True), (20, False)])
def test_l8_as_many_as_leave_a_fifth_free(settings, postgresql, workers, allowed):
    settings.WEB_WORKERS, settings.WEB_THREADS, settings.WORKER_CONCURRENCY = workers, 4, 2
    settings.DATABASE_CONNECTIONS = 100
    assert (checks.connections_suffice() == []) is allowed


def test_l8_too_many_stop_the_start_and_say_what_to_change(settings, postgresql):
    settings.WEB_WORKERS = 50
    with pytest.raises(CommandError, match=r"WEB_WORKERS × WEB_THREADS(.|\n)*max_connections"):
        call_command("check")


def test_l8_each_machine_counts(settings, postgresql):
    settings.WEB_MACHINES = 10
    assert [message.id for message in checks.connections_suffice()] == ["portal.E001"]


def test_l8_what_we_ship_fits(postgresql):
    assert checks.connections_suffice() == []


def test_l8_sqlite_has_no_such_limit(settings, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite", raising=False)
    settings.WEB_WORKERS = 1000
    assert checks.connections_suffice() == []


@pytest.mark.django_db
def test_l8_the_server_is_asked_whether_it_allows_as_many(settings):
    if connection.vendor != "postgresql":
        pytest.skip("asks a PostgreSQL")
    settings.DATABASE_CONNECTIONS = 100_000
    assert "portal.E002" in [message.id for message in run_checks(**DATABASES)]
    settings.DATABASE_CONNECTIONS = 100
    assert checks.connections_are_there(**DATABASES) == []
