"""UPKEEP, RETENTION, RESIDENT_TRACES, INVARIANTS, UNPLANNED_MESSAGES and METRICS."""

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal import invariants, retention
from portal.celery import defaults
from tests import factories
from tests.guestbook.models import Note

pytestmark = pytest.mark.django_db


def test_dispatch_runs_its_job(note, settings, capsys):
    call_command("dispatch", once=True)
    assert "answer-notes: 1" in capsys.readouterr().out


def test_celery_beat_schedules_its_job(joined):
    assert defaults()["beat_schedule"]["answer-notes"]["schedule"] == 3600


def test_its_text_is_erased_after_the_retention_period(note):
    retention.forget_old(timezone.now() + timedelta(days=31))
    note.refresh_from_db()
    assert note.text == ""


def test_its_text_is_kept_until_then(note):
    retention.forget_old(timezone.now() + timedelta(days=29))
    note.refresh_from_db()
    assert note.text == "路灯坏了"


@pytest.mark.parametrize("answered", [True, False])
def test_a_resident_who_waits_for_an_answer_is_not_anonymized(note, answered):
    guest = factories.ResidentFactory(division=note.center.division, name="赵德贵")
    Note.objects.create(center=note.center, resident=guest, answered_at=timezone.now() if answered else None)
    retention.forget_old(timezone.now() + timedelta(days=400))
    guest.refresh_from_db()
    assert (guest.name == f"#{guest.pk}") is answered


def test_a_violated_invariant_is_logged_as_an_error(note, caplog):
    Note.objects.update(written_at=timezone.now() + timedelta(days=1))
    with caplog.at_level(logging.ERROR):
        invariants.check_nightly()
    assert f"Broken: A note was written before now. guestbook.Note {note.pk}." in caplog.messages


def test_its_metrics_are_exposed(note, client):
    assert "jiamenkou_notes 1" in client.get("/metrics").content.decode()


def test_whoever_should_have_a_message_and_has_none_is_counted(client, note):
    assert client.get("/readyz").json()["dispatcher"]["unplanned"] == 1
    Note.objects.update(answered_at=timezone.now())
    assert client.get("/readyz").json()["dispatcher"]["unplanned"] == 0
