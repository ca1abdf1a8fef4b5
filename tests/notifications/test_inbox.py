"""Inbox messages are never sent: listed, shown from their due time to their end, worded when they are shown."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.notifications import services
from portal.notifications.models import Message, State
from portal.notifications.per_channel import for_channels
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(center, item, resident):
    return factories.AppointmentFactory(center=center, item=item, resident=resident)


@pytest.fixture
def subject(appointment) -> str:
    return f"appointment:{appointment.pk}"


@pytest.fixture
def planned(appointment, subject):
    """`planned(minutes)`: a confirmation to the inbox and by SMS that is due in so many minutes."""

    def plan(minutes: int = -1):
        due = timezone.now() + timedelta(minutes=minutes)
        to = {"subject": subject, "person": "resident:1", "phone": "13800005678", "kind": "confirmed"}
        messages = for_channels(**to, due=due, expires=appointment.starts_at, occasion=appointment.starts_at)
        services.plan(messages)
        return messages

    return plan


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("channel", "state"))


def test_it_is_there_at_once_and_only_the_sms_is_sent(planned):
    planned()
    assert states() == {"inbox": "listed", "sms": "pending"}
    assert services.dispatch() == 1
    assert states() == {"inbox": "listed", "sms": "sent"}


def test_no_words_are_stored_for_it(planned):
    planned()
    services.dispatch()
    assert Message.objects.get(channel="inbox").body == ""


@pytest.mark.parametrize("minutes", [-60, 60])
def test_it_is_taken_back_whether_its_time_has_come_or_not(planned, subject, minutes):
    planned(minutes)
    services.cancel(subject, ["confirmed"])
    assert states() == {"inbox": "withdrawn", "sms": "withdrawn"}


def test_what_was_sent_stays_as_it_was_told(planned, subject):
    planned()
    services.dispatch()
    services.cancel(subject, ["confirmed"])
    assert states() == {"inbox": "withdrawn", "sms": "sent"}


def test_planned_again_it_is_listed_again(planned, subject):
    messages = planned()
    services.cancel(subject, ["confirmed"])
    services.plan(messages)
    assert states() == {"inbox": "listed", "sms": "pending"}


@pytest.mark.parametrize(("channel", "state"), [("inbox", State.PENDING), ("inbox", State.SENT), ("sms", State.LISTED)])
def test_the_database_knows_the_difference(channel, state):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.MessageFactory(channel=channel, state=state)
