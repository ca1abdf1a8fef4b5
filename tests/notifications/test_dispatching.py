import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.notifications import channels, retries, sender_threads, services
from portal.notifications.models import Message
from portal.notifications.services import sending
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(channel_raises):
    channel_raises(TimeoutError("provider does not answer"))


def test_what_is_due_is_handed_to_its_channel(outbox):
    message = factories.MessageFactory()
    services.dispatch()
    assert json.loads(outbox.read_text())["id"] == message.idempotency_key


def test_it_is_sent_once(outbox):
    factories.MessageFactory()
    services.dispatch()
    assert services.dispatch() == 0


def test_what_lies_ahead_waits(outbox):
    factories.MessageFactory(due_at=timezone.now() + timedelta(minutes=5))
    assert services.dispatch() == 0


def test_an_expired_reminder_is_not_sent_late(outbox):
    message = factories.MessageFactory(expires_at=timezone.now() - timedelta(minutes=1))
    services.dispatch()
    message.refresh_from_db()
    assert (message.state, outbox.exists()) == ("expired", False)


def test_a_failing_channel_loses_nothing(broken):
    message = factories.MessageFactory()
    services.dispatch()
    message.refresh_from_db()
    assert (message.state, message.attempts, "TimeoutError" in message.last_error) == ("pending", 1, True)


def test_a_failed_message_waits_before_it_is_tried_again(broken):
    factories.MessageFactory()
    services.dispatch()
    assert not Message.objects.due().exists()


def test_after_many_tries_it_is_given_up(broken):
    message = factories.MessageFactory(attempts=retries.MAX_TRIES - 1)
    services.dispatch()
    message.refresh_from_db()
    assert message.state == "failed"


def test_a_sender_that_died_leaves_a_message_that_goes_again(outbox):
    message = factories.MessageFactory(state="sending", leased_until=timezone.now() - timedelta(seconds=1))
    services.dispatch()
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_message_leased_by_another_sender_is_left_alone(outbox):
    factories.MessageFactory(state="sending", leased_until=timezone.now() + timedelta(minutes=1))
    assert services.dispatch() == 0


def test_an_email_goes_by_smtp(mailoutbox):
    factories.MessageFactory(channel="email", address="wang@example.org")
    services.dispatch()
    assert mailoutbox[0].to == ["wang@example.org"]


def test_every_channel_of_the_settings_can_be_loaded(settings):
    assert all(hasattr(channels.adapter_for(channel), "send") for channel in settings.MESSAGE_CHANNELS)


def test_a_login_code_is_stored_as_a_message(outbox):
    services.send_login_code("13800005678", "482913", timezone.now() + timedelta(minutes=5))
    assert "482913" in Message.objects.get(kind="login_code").body


@pytest.mark.parametrize(
    ("rush", "minutes", "at_once"),
    [(10, 4, 1), (9, 4, 4), (10, 6, 4)],
    ids=["ten are no rush", "ten are a rush", "and so are those that are late"],
)
def test_one_message_is_in_hand_at_a_time_unless_there_is_a_rush(monkeypatch, rush, minutes, at_once):
    in_hand, seen = [], []

    class Slow:
        def send(self, message):
            in_hand.append(message)
            seen.append(len(in_hand))
            time.sleep(0.1)
            in_hand.remove(message)

    monkeypatch.setattr(sending, "RUSH", rush)
    monkeypatch.setattr(sender_threads, "adapter_for", lambda channel: Slow())
    factories.MessageFactory.create_batch(10, due_at=timezone.now() - timedelta(minutes=minutes))
    services.dispatch()
    assert max(seen) == at_once


def test_what_another_process_sent_meanwhile_holds_nobody_up(outbox, monkeypatch):
    """Of the messages that were read, all but the last are sent by somebody else before they are leased."""
    *theirs, _ours = (factories.MessageFactory().pk for _message in range(30))
    acquire, gather, waits = sending.leases.acquire, sender_threads.SenderThreads.gather, []

    def late(pks, now):
        Message.objects.filter(pk__in=theirs).update(state="sent", sent_at=now)
        return acquire(pks, now)

    monkeypatch.setattr(sending.leases, "acquire", late)
    monkeypatch.setattr(
        sender_threads.SenderThreads, "gather", lambda self, wait: waits.append(wait) or gather(self, wait)
    )

    assert services.dispatch(seconds=60) == 1
    assert len(waits) < 10
