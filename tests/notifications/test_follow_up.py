"""Manual follow-up on undelivered messages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.notifications import services
from portal.ui.errors import RuleBroken
from tests import factories

pytestmark = pytest.mark.django_db


def test_sending_again_is_a_new_message_to_the_provider(outbox):
    message = factories.MessageFactory(state="failed", attempts=48, strikes=2)
    before = message.idempotency_key
    services.send_again(message=message)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.idempotency_key != before) == ("pending", 0, True)


def test_and_it_goes(outbox):
    message = factories.MessageFactory(state="parked")
    services.send_again(message=message)
    assert services.dispatch() == 1


def test_what_is_over_is_not_sent_again():
    message = factories.MessageFactory(state="missed", expires_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(RuleBroken) as refusal:
        services.send_again(message=message)
    assert refusal.value.code == "too_late"


@pytest.mark.parametrize("state", ["pending", "failed", "missed", "expired", "parked"])
def test_a_call_is_remembered_with_its_caller(state, cadre):
    message = factories.MessageFactory(state=state)
    services.called(message=message, by=cadre)
    message.refresh_from_db()
    assert (message.state, message.called_by, message.called_at is not None) == ("called", cadre, True)


@pytest.mark.parametrize("state", ["sent", "delivered", "sending", "withdrawn"])
def test_what_went_out_needs_no_call(state, cadre):
    with pytest.raises(RuleBroken) as refusal:
        services.called(message=factories.MessageFactory(state=state), by=cadre)
    assert refusal.value.code == "settled"


def test_who_was_called_gets_no_message_any_more(outbox, cadre):
    services.called(message=factories.MessageFactory(), by=cadre)
    assert services.dispatch() == 0
