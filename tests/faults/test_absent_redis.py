"""F3: Redis is offline for ten minutes and returns, with the shipped web server, worker and beat around it."""

import re
import time
from collections import Counter
from itertools import cycle
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPErrorProcessor, Request, build_opener

import pytest
from django.conf import global_settings, settings

from portal.notifications.models import Message
from tests import factories, servers
from tests.bookers import Booker
from tests.factories.appointments import at
from tests.faults.conftest import FULL, celery_process, database_url, environment, wait_for
from tests.web import Visitor, web

pytestmark = pytest.mark.django_db(transaction=True)

AWAY_SECONDS, EVERY_SECONDS = (600, 2) if FULL else (4, 0.4)
# Beat wakes the queue every thirty seconds as shipped; the short run makes it five, with shorter time limits.
BEAT_SETTINGS, RESUMES_WITHIN = ("portal.settings", 60) if FULL else ("tests.faults.impatient", 25)


def test_f3_redis_away_for_ten_minutes(provider, center, item, cadre, settings):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # the server does not have the tests' fast hasher
    cadre.set_password("demo-jiamenkou")
    cadre.save()
    slots = cycle([factories.SlotFactory(center=center, starts_at=at(day, 9), online_places=200) for day in (3, 4, 5)])
    port = servers.free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with web(database_url(), quiet=True, REDIS_URL=url, SMS_URL=provider.url) as server:
        with servers.redis(port), celery(url, provider, "worker", "--pool=solo"), celery(url, provider, "beat"):
            book(server.port, 0, next(slots), item)
            wait_for(lambda: sent() == 1, 40)
        # The same commands with nothing listening on the port: a machine that starts without Redis.
        with celery(url, provider, "worker", "--pool=solo"), celery(url, provider, "beat"):
            met = visit_for(AWAY_SECONDS, server.port, slots, item)
            booked = met["book 201"] + 1
            with servers.redis(port):
                back = time.monotonic()
                wait_for(lambda: sent() == booked, RESUMES_WITHIN)
                resumed = time.monotonic() - back
    print(f"F3 away={AWAY_SECONDS}s {dict(met)} resumed in {resumed:.1f}s")
    assert {answer.split()[1] for answer in met} <= {"200", "201"}
    assert sorted(person.to for person in provider.received) == sorted(f"137{n:08d}" for n in range(booked))


def visit_for(seconds: float, port: int, slots, item) -> Counter:
    """Book, read a page and sign in again and again; returns the responses."""
    met: Counter = Counter()
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        number += 1
        met[f"book {book(port, number, next(slots), item)}"] += 1
        with Visitor(port) as visitor:
            met[f"page {visitor.get('/').status}"] += 1
        met[f"sign-in {sign_in(port)}"] += 1
        time.sleep(EVERY_SECONDS)
    return met


def sign_in(port: int) -> int:
    """Like a browser; a refusal would show the form again with 200 and no redirect."""
    login = f"http://127.0.0.1:{port}/accounts/login/"
    browser = build_opener(HTTPCookieProcessor(), HTTPErrorProcessor())
    try:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.open(login).read().decode())[1]
        typed = {"login": "cadre", "password": "demo-jiamenkou", "csrfmiddlewaretoken": token}
        with browser.open(Request(login, urlencode(typed).encode(), {"Referer": login})) as answer:
            return answer.status if answer.url != login else 401
    except HTTPError as error:
        return error.code


def book(port: int, number: int, slot, item) -> int:
    booker = Booker(number, slot.pk, item.code)
    with Visitor(port) as visitor:
        return booker.ask(visitor).status


def sent() -> int:
    return Message.objects.filter(kind="confirmed", channel="sms", state="sent").count()


def celery(url: str, provider, role: str, *options: str):
    folder = ("--schedule", f"{settings.TEST_FOLDER}/beat-{time.time_ns()}") if role == "beat" else ()
    variables = environment(provider, REDIS_URL=url, DJANGO_SETTINGS_MODULE=BEAT_SETTINGS)
    return celery_process(variables, role, *options, *folder)
