"""What has an end is deleted when it is over: sessions, lists of devices, uploads, drafts and what was typed."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.accounts import short_lived
from portal.accounts.clearing import clear_expired
from portal.accounts.sessions import GRACE

pytestmark = pytest.mark.django_db


def after(**span) -> int:
    return clear_expired(timezone.now() + timedelta(**span))


def cached() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM portal_cache")
        return cursor.fetchone()[0]


def come_in(client, user) -> None:
    client.force_login(user)
    UserSession.objects.create(user=user, ip="10.0.0.1", session_key=client.session.session_key)


@pytest.fixture
def job(settings):
    assert settings.UPKEEP["clear-expired"]["run"] == f"{clear_expired.__module__}.{clear_expired.__qualname__}"
    return settings.UPKEEP["clear-expired"]


def test_it_runs_every_ten_minutes(job):
    assert job["every"] <= 600


def test_a_villagers_session_goes_two_weeks_after_the_last_visit(client, villager):
    come_in(client, villager)

    after(days=13)
    assert Session.objects.exists() and UserSession.objects.exists()
    after(days=15)
    assert not Session.objects.exists() and not UserSession.objects.exists()


def test_a_cadres_session_goes_half_a_day_after_the_idle_timeout(client, cadre):
    come_in(client, cadre)
    idle = settings.IDLE_SECONDS_STAFF

    after(seconds=idle + GRACE - 60)
    assert Session.objects.exists()
    after(seconds=idle + GRACE + 60)
    assert not Session.objects.exists() and not UserSession.objects.exists()


def test_a_session_that_is_used_stays(client, cadre, time_machine):
    client.force_login(cadre)
    start = timezone.now()
    for minutes in range(0, 24 * 60, 20):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        assert client.get("/desk/").status_code in (200, 404)
        clear_expired()

    assert Session.objects.exists()


def test_a_cadres_cookie_ends_with_the_session(cadre):
    client = Client()
    client.force_login(cadre)

    assert client.session.get_expiry_age() == settings.IDLE_SECONDS_STAFF + GRACE


def test_an_upload_and_a_draft_go_when_their_time_is_up():
    cache.set("upload-a", b"a list of residents", 3600)
    cache.set("short-lived:a:drafts", {"name": "Wang"}, 20 * 60)
    before = cached()

    after(minutes=19)
    assert cached() == before
    after(minutes=21)
    assert cached() == before - 1
    after(minutes=61)
    assert cached() == before - 2


class TestWhatWasTyped:
    @pytest.fixture
    def asked(self, rf, client):
        request = rf.get("/")
        request.session = client.session
        return request

    def test_is_found_by_its_browser_only(self, asked, rf):
        assert short_lived.put(asked, "note", "text", minutes=20)
        other = rf.get("/")
        other.session = Client().session

        assert short_lived.get(asked.session, "note") == "text"
        assert short_lived.get(other.session, "note") is None

    def test_does_not_stand_in_the_session(self, asked):
        short_lived.put(asked, "note", "text", minutes=20)

        assert "text" not in str(dict(asked.session.items()))

    def test_ends(self, asked, time_machine):
        start = timezone.now()
        short_lived.put(asked, "note", "text", minutes=20)
        time_machine.move_to(start + timedelta(minutes=19), tick=False)
        assert short_lived.get(asked.session, "note") == "text"
        short_lived.change(asked.session, "note", "other")
        time_machine.move_to(start + timedelta(minutes=21), tick=False)

        assert short_lived.get(asked.session, "note") is None

    def test_is_deleted_when_it_is_dropped(self, asked):
        before = cached()
        short_lived.put(asked, "note", "text", minutes=20)
        short_lived.drop(asked.session, "note")

        assert short_lived.get(asked.session, "note") is None and cached() == before

    def test_cannot_be_made_without_limit(self, rf, monkeypatch):
        monkeypatch.setattr(short_lived, "MOST", 3)
        before, kept = cached(), []
        for _ in range(5):
            request = rf.get("/")
            request.session = Client().session
            kept.append(short_lived.put(request, "note", "text", minutes=20))

        assert kept == [True, True, True, False, False]
        assert cached() == before + 3

    def test_control_another_address_has_its_own(self, rf, monkeypatch):
        monkeypatch.setattr(short_lived, "MOST", 1)
        for address in ("10.0.0.1", "10.0.0.2"):
            request = rf.get("/", REMOTE_ADDR=address)
            request.session = Client().session
            assert short_lived.put(request, "note", "text", minutes=20)
