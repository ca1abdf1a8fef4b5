"""Database outages (full, busy, unreachable) answer 503; bugs stay 500."""

import sqlite3

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import RequestFactory

from portal.ui.outages import AWAY, BUSY, STORAGE_FULL, outage_of
from portal.ui.views import server_error

SQLITE_BUSY_SNAPSHOT = 517  # busy, with a detail in the higher byte


class FromPostgres(psycopg2.Error):
    def __init__(self, code: str | None):
        self.code = code

    @property
    def pgcode(self):
        return self.code


def from_sqlite(code: int) -> sqlite3.Error:
    cause = sqlite3.OperationalError()
    cause.sqlite_errorcode = code
    return cause


def error_of(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    error = kind("in the driver's words")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (error_of(from_sqlite(sqlite3.SQLITE_FULL)), STORAGE_FULL),
        (error_of(from_sqlite(sqlite3.SQLITE_BUSY)), BUSY),
        (error_of(from_sqlite(SQLITE_BUSY_SNAPSHOT)), BUSY),
        (error_of(FromPostgres("53100")), STORAGE_FULL),
        (error_of(FromPostgres("53300")), BUSY),
        (error_of(FromPostgres("40P01")), BUSY),
        (error_of(FromPostgres("57P01")), AWAY),
        (error_of(FromPostgres(None)), AWAY),
        (error_of(FromPostgres(None), InterfaceError), AWAY),
    ],
)
def test_an_outage_is_told_by_the_drivers_code(error, outage):
    assert outage_of(error) == outage


@pytest.mark.parametrize(
    "error",
    [
        None,
        ValueError(),
        OperationalError("without a cause"),
        error_of(from_sqlite(sqlite3.SQLITE_ERROR)),  # "no such table"
        error_of(FromPostgres("42P01"), ProgrammingError),
    ],
)
def test_a_fault_of_ours_is_no_outage(error):
    assert outage_of(error) is None


def test_the_page_says_what_was_kept_and_when_to_come_back():
    # No db fixture: the page asks nothing of the database.
    try:
        raise error_of(from_sqlite(sqlite3.SQLITE_FULL))
    except OperationalError:
        response = server_error(RequestFactory().get("/"))
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "300")
    assert "存放数据的地方满了" in page
    assert "已经约好的事都在" in page
    assert 'href="/"' in page
