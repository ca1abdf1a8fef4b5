"""Health checks: liveness and readiness."""

from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from appointments.booking import reminders
from tests.factories import AppointmentFactory, MessageFactory


def test_a_process_that_answers_is_alive_whatever_its_database_does(client):
    # Without the django_db mark any query would fail this test.
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_migrated_portal_is_ready(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["dispatcher"] == {"oldest_due_seconds": 0, "unplanned": 0, "status": "ok"}
    assert answer.json()["channels"] == {"sms": "ok", "voice": "ok"}


@pytest.mark.django_db
def test_a_channel_without_a_provider_is_named(client, settings):
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "voice": ""}

    assert client.get("/readyz").json()["channels"] == {"sms": "ok", "voice": "no provider"}


@pytest.mark.django_db
def test_a_reminder_that_was_never_planned_is_late(client, item, resident, center):
    AppointmentFactory(
        center=center,
        item=item,
        resident=resident,
        starts_at=timezone.now() + timedelta(hours=1, minutes=45),
        ends_at=timezone.now() + timedelta(hours=2),
        booked_at=timezone.now() - timedelta(days=3),
    )

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["dispatcher"] == {"oldest_due_seconds": 0, "unplanned": 1, "status": "late"}
    reminders.catch_up()
    assert client.get("/readyz").json()["dispatcher"]["unplanned"] == 0


@pytest.mark.django_db
def test_a_portal_behind_its_migrations_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="notifications").delete()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["migrations"]["unapplied"] > 0


@pytest.mark.django_db
def test_late_messages_are_told_and_take_no_server_out_of_service(client):
    MessageFactory(due_at=timezone.now() - timedelta(minutes=10))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["dispatcher"]["oldest_due_seconds"] >= 600
    assert answer.json()["dispatcher"]["status"] == "late"


@pytest.mark.django_db
def test_neither_answer_may_be_kept_on_the_way(client):
    assert "no-store" in client.get("/healthz")["Cache-Control"]
    assert "no-store" in client.get("/readyz")["Cache-Control"]
