"""Heartbeats of periodic jobs, and /readyz."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.celery import app, defaults
from portal.notifications import upkeep
from portal.notifications.models import Beat
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_job(settings):
    settings.UPKEEP = {"count-to-one": {"run": "tests.notifications.test_upkeep_beats.job", "every": 30}}


def job() -> int:
    if broken:
        raise ValueError
    return 1


broken: list[bool] = []


def test_a_job_that_ends_well_leaves_its_time(one_job):
    upkeep.run("count-to-one")
    assert timezone.now() - Beat.objects.get(name="count-to-one").at < timedelta(seconds=5)


def test_once_more_moves_it(one_job):
    factories.BeatFactory(name="count-to-one", at=timezone.now() - timedelta(days=1))
    upkeep.run("count-to-one")
    assert timezone.now() - Beat.objects.get().at < timedelta(seconds=5)


def test_a_job_that_fails_does_not(one_job, monkeypatch):
    monkeypatch.setitem(globals(), "broken", [True])
    with pytest.raises(ValueError):
        upkeep.run("count-to-one")
    assert not Beat.objects.exists()


def test_the_command_runs_each_once(one_job, capsys):
    call_command("dispatch", once=True)
    assert Beat.objects.count() == 1


def test_readyz_says_how_long_ago(client):
    factories.BeatFactory(at=timezone.now() - timedelta(seconds=90))
    assert client.get("/readyz").json()["seconds_since"]["send-due-messages"] in range(90, 95)


def test_readyz_says_late_when_nothing_has_run_for_long(client):
    factories.BeatFactory(at=timezone.now() - timedelta(seconds=400))
    assert client.get("/readyz").json()["dispatcher"]["status"] == "late"


def test_messages_have_a_queue_and_a_key_of_their_own():
    assert {(queue.name, queue.routing_key) for queue in defaults()["task_queues"]} == {
        ("messages", "messages"),
        ("upkeep", "upkeep"),
    }


def test_beat_rings_for_messages_in_their_queue():
    assert app.conf.beat_schedule["send-due-messages"]["options"] == {"expires": 5, "queue": "messages"}


def test_no_job_waits_in_the_queue_with_a_countdown():
    assert not any({"countdown", "eta"} & set(job["options"]) for job in defaults()["beat_schedule"].values())
