"""`make demo` has a clock of its own: the domain reads it, cookies and codes of a phone do not (portal/clock.py)."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from portal import demo
from portal.clock import AheadFile, ahead_by
from tests.test_templates import TEMPLATES

SUNDAY = datetime(2026, 11, 28, 19, 0, tzinfo=UTC)  # 3 at night, in Shanghai
MONDAY = datetime(2026, 11, 30, 1, 40, tzinfo=UTC)  # 9:40 there
PROGRAM = """
import django, time
django.setup()
from datetime import UTC, datetime
from django.utils import timezone
from portal.accounts.models import User
ahead = lambda moment: round((moment - datetime.now(UTC)).total_seconds() / 60)
print(ahead(timezone.now()), ahead(User().date_joined), ahead(datetime.fromtimestamp(time.time(), UTC)))
"""


@pytest.fixture
def clock(tmp_path, monkeypatch) -> AheadFile:
    monkeypatch.setattr(demo, "CLOCK", tmp_path / "demo.clock")
    return AheadFile(demo.CLOCK)


@pytest.fixture
def started_at(clock, monkeypatch):
    """Starts the demo at a real moment, or has it run on until then; returns what its clock shows."""

    def start(real: datetime, run=demo.start_clock) -> datetime:
        class At(datetime):
            @classmethod
            def now(cls, tz=None):
                return real.astimezone(tz)

        monkeypatch.setattr(demo, "datetime", At)
        run()
        return real + AheadFile(demo.CLOCK).ahead()

    return start


def test_at_night_it_shows_the_next_working_morning(started_at):
    assert started_at(SUNDAY) == MONDAY


def test_in_working_hours_it_shows_the_real_time(started_at):
    assert started_at(MONDAY + timedelta(minutes=7)) == MONDAY + timedelta(minutes=7)


def test_while_it_did_not_run_it_stood_and_it_never_goes_back(started_at):
    first = started_at(SUNDAY)
    ran_until = started_at(SUNDAY + timedelta(hours=1), demo.keep_clock)
    again = started_at(SUNDAY + timedelta(hours=8))

    assert ran_until == first + timedelta(hours=1)
    assert ran_until <= again <= ran_until + timedelta(seconds=demo.SEEN_EVERY)
    assert started_at(MONDAY + timedelta(days=1)) == MONDAY + timedelta(days=1)


def test_when_its_day_is_over_the_next_one_begins(started_at):
    started_at(SUNDAY)
    evening = started_at(SUNDAY + timedelta(hours=9), demo.keep_clock)

    assert timezone.localtime(evening).strftime("%a %H:%M") == "Tue 09:40"


def test_a_process_sees_a_change_of_the_file_within_a_second(clock, monkeypatch):
    now = ahead_by(AheadFile(clock.path).ahead, lambda: SUNDAY)
    ticks = iter([0.0, 0.0, 0.1, 0.7, 0.7])
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))

    assert now() == SUNDAY
    clock.store(timedelta(hours=30), SUNDAY)
    assert now() == SUNDAY
    assert now() == SUNDAY + timedelta(hours=30)


def test_rows_and_pages_have_its_time_and_what_a_phone_measures_too_stays_real(clock):
    clock.store(timedelta(hours=30), SUNDAY)
    assert ran(DEMO="1").stdout.split() == ["1800", "1800", "0"]


def test_a_real_site_refuses_it():
    refused = ran(DEMO="0")
    assert refused.returncode and "DEMO_CLOCK is refused" in refused.stderr


def ran(**variables: str) -> subprocess.CompletedProcess:
    given = {"DJANGO_SETTINGS_MODULE": "portal.settings", "SECRET_KEY": "only-for-tests", "DEMO_CLOCK": str(demo.CLOCK)}
    command = [sys.executable, "-c", PROGRAM]
    environment = {**os.environ, **given, **variables}
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)


def test_the_page_says_what_its_clock_shows(client, db, settings):
    settings.DEMO, settings.DEMO_CLOCK = True, "demo.clock"
    page = client.get("/styleguide/").content.decode()
    assert f"演示里现在是{timezone.localtime():%-m月%-d日}" in page


def test_a_demo_without_a_clock_of_its_own_says_nothing_of_it(client, db, settings):
    settings.DEMO = True
    assert "演示里现在是" not in client.get("/styleguide/").content.decode()


def test_no_template_asks_the_machine_for_the_time():
    read = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html") if "{% now " in path.read_text()}
    assert read == set()
