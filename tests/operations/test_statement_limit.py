"""A statement of a web request on PostgreSQL ends after WEB_STATEMENT_SECONDS: 503, a sentence, nothing half done."""

import io
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Event
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.test import RequestFactory

from appointments.models import Appointment, Slot
from centers.models import Resident
from portal import locking
from portal.asgi import application as asgi
from portal.statement_limit import limited_asgi
from portal.wsgi import application
from tests.api.conftest import KEY
from tests.appointments.steps import taken
from tests.coroutines import run_in_thread

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _one_second(settings, transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such limit")
    settings.WEB_STATEMENT_SECONDS = 1


def elsewhere(ask: Callable[[], Any]) -> Any:
    """In a thread of its own, with a connection that is opened in it."""

    def asked() -> Any:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, asked).result(30)


def web(method: str, path: str, body: dict | None = None, **headers: str) -> tuple[int, str, float]:
    """(status, body, seconds) of the shipped WSGI application."""
    sent = json.dumps(body).encode() if body else b""
    environ = RequestFactory(headers=headers).generic(method, path, sent, content_type="application/json").environ
    told: list[str] = []
    began = time.monotonic()
    answer = application(environ | {"wsgi.input": io.BytesIO(sent)}, lambda status, *_rest: told.append(status))
    text = b"".join(answer).decode()
    answer.close()
    return int(told[0][:3]), text, time.monotonic() - began


def book(slot) -> tuple[int, str, float]:
    body = {"slot": slot.pk, "item": "yanglao-renzheng", "name": "王桂兰", "phone": "13800005678"}
    return web("POST", "/api/v1/appointments", body, **{"Idempotency-Key": KEY})


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def test_a_step_that_takes_too_long_is_told_and_nothing_is_half_done(slot, item):
    with transaction.atomic():
        # The last that a booking needs: person and appointment are written by then.
        locking.lock(Slot, [slot.pk])
        status, text, seconds = elsewhere(lambda: book(slot))

    assert (status, json.loads(text)["code"]) == (503, "too_slow")
    assert "什么都没有改动" in json.loads(text)["message"]
    assert 0.9 < seconds < 5
    assert (Appointment.objects.count(), Resident.objects.count(), taken(slot)) == (0, 0, (0, 0))


def test_the_same_again_is_done_when_the_way_is_free(slot, item):
    def twice() -> list[int]:
        """On one connection."""
        cancelled = book(slot)[0]
        go_on.set()
        is_free.wait(10)
        return [cancelled, book(slot)[0]]

    go_on, is_free = Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locking.lock(Slot, [slot.pk])
            asked = pool.submit(elsewhere, twice)
            assert go_on.wait(10)
        is_free.set()

        assert asked.result(30) == [503, 201]
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("path", ["/centers/", "/api/v1/centers"])
def test_a_page_that_takes_too_long_is_not_asked_for_twice(path, caplog):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE centers_center IN ACCESS EXCLUSIVE MODE")
        status, text, seconds = elsewhere(lambda: web("GET", path))

    assert (status, "花的时间太久" in text) == (503, True)
    assert seconds > 0.9
    assert "left to the whole chain" not in caplog.text


def test_control_what_is_no_request_has_no_limit(slot, item):
    """Jobs and commands open their connections outside of a request."""
    assert elsewhere(limit) == "0"


def test_a_connection_of_a_request_has_it():
    assert elsewhere(lambda: (web("GET", "/centers/"), limit())[1]) == "1s"


def test_so_has_one_of_the_asgi_application():
    told = []

    async def application(*_of_the_request) -> None:
        told.append(await sync_to_async(elsewhere)(limit))

    async def alone(*_of_the_request) -> None:
        await application()

    ours = limited_asgi(application)
    run_in_thread(ours({}, None, None))
    run_in_thread(alone())

    assert told == ["1s", "0"]
    assert asgi.__wrapped__.__code__ is ours.__code__  # below what reads the charset


def test_control_behind_a_pooler_it_is_not_set(settings):
    settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    try:
        assert elsewhere(lambda: (web("GET", "/centers/"), limit())[1]) == "0"
    finally:
        settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = False
