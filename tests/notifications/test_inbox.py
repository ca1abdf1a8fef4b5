"""Inbox messages are never sent: listed, shown from their due time, hidden when cancelled."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.notifications import services
from portal.notifications.models import Message, State
from portal.notifications.per_channel import for_channels
from tests import factories

pytestmark = pytest.mark.django_db


def planned(**changed):
    given = {
        "subject": "appointment:1",
        "person": "resident:1",
        "phone": "13800005678",
        "kind": "reminder",
        "due": timezone.now() - timedelta(minutes=1),
        "title": "预约提醒",
        "body": "您好，提醒您来办事。",
    }
    return services.plan(for_channels(**given | changed))


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("channel", "state"))


def test_it_is_there_at_once_and_only_the_sms_is_sent():
    planned()
    assert states() == {"inbox": "listed", "sms": "pending"}
    assert services.dispatch() == 1
    assert states() == {"inbox": "listed", "sms": "sent"}


@pytest.mark.parametrize("minutes", [-60, 60])
def test_it_is_taken_back_whether_its_time_has_come_or_not(minutes):
    planned(due=timezone.now() + timedelta(minutes=minutes))
    services.cancel("appointment:1", ["reminder"])
    assert states() == {"inbox": "withdrawn", "sms": "withdrawn"}


def test_what_was_sent_stays_as_it_was_told():
    planned()
    services.dispatch()
    services.cancel("appointment:1", ["reminder"])
    assert states() == {"inbox": "withdrawn", "sms": "sent"}


def test_moved_back_it_is_listed_again():
    messages = planned()
    services.cancel("appointment:1", ["reminder"])
    services.replan(messages)
    assert states() == {"inbox": "listed", "sms": "pending"}


@pytest.mark.parametrize(("channel", "state"), [("inbox", State.PENDING), ("inbox", State.SENT), ("sms", State.LISTED)])
def test_the_database_knows_the_difference(channel, state):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.MessageFactory(channel=channel, state=state)
