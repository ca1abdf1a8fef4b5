"""Reminders of an older release: what lies ahead goes, what was sent is known, and the sweep sends neither again."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from appointments.booking import reminders
from portal.notifications.models import Message
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
migration = import_module("portal.notifications.migrations.0008_reminders_at_their_hour")


@pytest.fixture
def booked(center, item, resident):
    slot = factories.SlotFactory(center=center, starts_at=at(1, 9))
    row = book(slot, item, resident)
    type(row).objects.filter(pk=row.pk).update(booked_at=at(-3, 9))
    return row


def reminder(row, minutes: int, **values) -> Message:
    """As it was stored: due so long before the visit, ending with it, and without an identity of its own."""
    due = row.starts_at - timedelta(minutes=minutes)
    said = {"subject": f"appointment:{row.pk}", "kind": "reminder", "person": f"resident:{row.resident_id}"}
    return factories.MessageFactory(**said, due_at=due, expires_at=row.starts_at, address=row.phone, **values)


def test_one_that_lies_ahead_goes_and_the_sweep_plans_it_at_its_hour(booked):
    reminder(booked, 120)
    migration.identify(apps, None)
    assert not Message.objects.filter(kind="reminder").exists()


def test_one_that_was_sent_is_not_sent_again(booked, time_machine):
    time_machine.move_to(booked.starts_at - timedelta(minutes=1430), tick=False)
    sent = reminder(booked, 1440, state="sent")
    migration.identify(apps, None)
    sent.refresh_from_db()
    assert (sent.occasion, sent.number) == (booked.starts_at, 1)

    reminders.catch_up(timezone.now())
    assert Message.objects.filter(kind="reminder", channel="sms").count() == 1
