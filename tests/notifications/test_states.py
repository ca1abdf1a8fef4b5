"""State machine of messages (F9, F10, F11): final states are left only by manual follow-up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.notifications import services
from portal.notifications.channels import Permanent, Transient
from portal.notifications.models import Message, State
from portal.notifications.services import leases
from tests import factories

pytestmark = pytest.mark.django_db


def after_sending(**values) -> Message:
    message = factories.MessageFactory(**values)
    services.dispatch()
    message.refresh_from_db()
    return message


def in_hours(number: float):
    return timezone.now() + timedelta(hours=number)


def test_a_permanent_error_is_not_tried_again(channel_raises):
    channel_raises(Permanent("no such number"))
    message = after_sending()
    assert (message.state, message.attempts) == ("failed", 1)


def test_a_passing_error_moves_the_next_try_and_not_the_due_time(channel_raises):
    channel_raises(Transient("busy"))
    due = timezone.now() - timedelta(seconds=1)
    message = after_sending(due_at=due)
    assert (message.state, message.due_at, message.ready_at > timezone.now()) == ("pending", due, True)


def test_so_that_planning_it_once_more_still_meets_the_same_row(channel_raises):
    channel_raises(Transient("busy"))
    message = after_sending(subject="appointment:7")
    services.plan([factories.MessageFactory.build(subject="appointment:7", due_at=message.due_at)])
    assert Message.objects.count() == 1


def test_an_expiring_message_is_tried_however_often(channel_raises):
    channel_raises(Transient("busy"))
    assert after_sending(attempts=200, expires_at=in_hours(1)).state == "pending"


def test_what_was_tried_until_its_end_is_missed():
    assert after_sending(attempts=3, expires_at=in_hours(-1)).state == "missed"


def test_what_was_never_tried_is_expired():
    assert after_sending(expires_at=in_hours(-1)).state == "expired"


def test_f11_what_breaks_the_sender_is_parked_after_four_times(channel_raises):
    channel_raises(ValueError("what is this?"))
    message = factories.MessageFactory()
    for hour in range(6):
        services.dispatch(at=in_hours(hour))
    message.refresh_from_db()
    assert (message.state, message.strikes, message.attempts) == ("parked", 4, 4)


def test_f11_what_kills_its_sender_is_parked_too(outbox):
    message = factories.MessageFactory(state="sending", strikes=3, leased_until=in_hours(-1))
    services.dispatch()
    message.refresh_from_db()
    assert (message.state, outbox.exists()) == ("parked", False)


def test_one_death_of_a_sender_is_forgiven_at_once(outbox):
    message = after_sending(state="sending", leased_until=in_hours(-1))
    assert (message.state, message.strikes) == ("sent", 1)


@pytest.mark.parametrize("state", sorted(set(State) - {State.PENDING, State.SENDING, State.CALLED, State.LISTED}))
def test_what_is_decided_is_not_sent(outbox, state):
    assert after_sending(state=state).state == state


def test_what_is_withdrawn_on_its_way_is_not_tried_again():
    [message] = leases.acquire([factories.MessageFactory(subject="appointment:7").pk], timezone.now())
    services.cancel("appointment:7", ["confirmed"])
    leases.mark_failed(message, Transient("busy"), timezone.now())
    message.refresh_from_db()
    assert message.state == "withdrawn"


def test_unless_it_did_arrive():
    [message] = leases.acquire([factories.MessageFactory(subject="appointment:7").pk], timezone.now())
    services.cancel("appointment:7", ["confirmed"])
    leases.mark_sent([message], timezone.now())
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_late_failure_does_not_take_the_message_from_its_new_holder():
    [message] = leases.acquire([factories.MessageFactory().pk], timezone.now())
    Message.objects.update(state="pending")
    leases.acquire([message.pk], timezone.now())
    leases.mark_failed(message, Transient("busy"), timezone.now())
    message.refresh_from_db()
    assert message.state == "sending"


def test_a_code_is_blank_once_it_is_sent(outbox):
    message = after_sending(kind="login_code", body="482913")
    assert (message.state, message.body) == ("sent", "")


def test_or_once_it_is_too_late():
    assert after_sending(kind="login_code", body="482913", expires_at=in_hours(-1)).body == ""


def test_an_error_that_names_the_number_is_stored_without_it(channel_raises):
    channel_raises(Permanent("13800005678 is blocked"))
    assert after_sending().last_error == "Permanent: 138****5678 is blocked"


def test_a_channel_that_is_not_well_rests_for_this_round(channel_raises, settings):
    channel_raises(Transient("busy"))
    factories.MessageFactory.create_batch(40)
    services.dispatch()
    assert Message.objects.filter(attempts=0).count() >= 40 - 3 * settings.MESSAGE_THREADS


def test_what_was_withdrawn_and_is_planned_again_starts_anew_under_another_id():
    message = factories.MessageFactory(state="withdrawn", body="旧的话", attempts=5, next_try_at=in_hours(9))
    before = message.idempotency_key
    services.plan([factories.MessageFactory.build(subject=message.subject, due_at=message.due_at)])
    message.refresh_from_db()
    assert (message.state, message.attempts, message.ready_at) == ("pending", 0, message.due_at)
    assert (message.body, message.idempotency_key != before) == ("", True)


def test_what_was_sent_is_not_sent_again_by_planning_it_again():
    message = factories.MessageFactory(state="sent")
    services.plan([factories.MessageFactory.build(subject=message.subject, due_at=message.due_at)])
    message.refresh_from_db()
    assert (message.state, Message.objects.count()) == ("sent", 1)
