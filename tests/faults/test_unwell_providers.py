"""F10: what a provider can do to us: hang, refuse, ask to wait, answer 200 with an error inside."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from portal.notifications import sender_threads, services
from portal.notifications.channels import http
from portal.notifications.models import Message
from tests.faults.planned import number_of, plan, states
from tests.faults.provider import Answer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(status=500), "pending"),
        (Answer(status=429, headers={"Retry-After": "90"}), "pending"),
        (Answer(body='{"error": "busy"}'), "pending"),
        (Answer(status=400), "failed"),
    ],
    ids=["500", "429", "error inside 200", "400"],
)
def test_f10_what_a_refusal_leads_to(provider, answer, state):
    provider.answer = lambda message: answer
    plan(1)
    services.dispatch()
    assert states() == {state: 1}


def test_f10_what_the_provider_asks_to_wait_is_waited(provider):
    provider.answer = lambda message: Answer(status=429, headers={"Retry-After": "900"})
    plan(1)
    services.dispatch()
    assert Message.objects.get().ready_at > timezone.now() + timedelta(seconds=800)


def test_f10_a_hanging_channel_does_not_hold_up_another(provider, monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT", 1)
    provider.answer = lambda message: Answer(delay=60 if message["channel"] == "sms" else 0)
    plan(20)
    plan(20, channel="voice")
    services.dispatch()
    voice = Message.objects.filter(channel="voice")
    assert (voice.filter(state="sent").count(), Message.objects.filter(channel="sms", state="pending").count()) == (
        20,
        20,
    )
    sms = Message.objects.filter(channel="sms", attempts__gt=0)
    # All calls went out before the first SMS had even timed out, and the SMS lane rests after a few.
    assert max(voice.values_list("sent_at", flat=True)) < min(row.next_try_at - timedelta(seconds=7) for row in sms)
    assert sms.count() <= 12


def test_f10_after_an_outage_everything_still_valid_goes(provider):
    well = provider.answer
    provider.answer = lambda message: Answer(status=503)
    plan(30, expires_at=timezone.now() + timedelta(hours=8))
    now = timezone.now()
    for minutes in range(0, 360, 10):
        services.dispatch(at=now + timedelta(minutes=minutes))
    provider.answer = well
    for minutes in range(360, 400, 10):
        services.dispatch(at=now + timedelta(minutes=minutes))
    assert states() == {"sent": 30}


def test_f10_but_a_reminder_is_not_sent_once_it_has_begun(provider):
    provider.answer = lambda message: Answer(status=503)
    plan(4, expires_at=timezone.now() + timedelta(hours=2))
    now = timezone.now()
    services.dispatch(at=now)
    provider.answer = lambda message: Answer()
    provider.received.clear()
    services.dispatch(at=now + timedelta(hours=2))
    assert (states(), provider.received) == ({"missed": 4}, [])


def test_f10_no_database_connection_is_held_while_a_provider_thinks(provider, monkeypatch):
    seen = []

    class Looking:
        def send(self, message):
            mine = connections["default"].connection
            # Whoever writes from elsewhere at this moment must not have to wait for us.
            rows = Message.objects.filter(pk=message.pk).update(title="改过")
            connections["default"].close()
            seen.append((mine, rows, threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr(sender_threads, "adapter_for", lambda channel: Looking())
    plan(3)
    services.dispatch()
    assert seen == [(None, 1, False)] * 3
    assert not connection.in_atomic_block


def test_f11_poison_is_parked_and_the_others_flow(provider, monkeypatch):
    class Strange:
        def send(self, message):
            if message.address == number_of(7):
                raise ZeroDivisionError

    monkeypatch.setattr(sender_threads, "adapter_for", lambda channel: Strange())
    plan(20)
    now = timezone.now()
    for hour in range(5):
        services.dispatch(at=now + timedelta(hours=hour))
    assert states() == {"sent": 19, "parked": 1}
