"""F9: delivery receipts may be late, duplicated and out of order; the first final one counts."""

import pytest

from portal.notifications import services
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(client, settings):
    settings.RECEIPT_TOKEN = "secret"

    def post(data, token="secret"):
        headers = {"Authorization": f"Bearer {token}"}
        return client.post("/receipts/", data, content_type="application/json", headers=headers)

    return post


def state_after(message, *receipts: bool) -> str:
    for delivered in receipts:
        services.receive(key=message.idempotency_key, delivered=delivered)
    message.refresh_from_db()
    return message.state


def test_a_receipt_says_delivered():
    assert state_after(factories.MessageFactory(state="sent"), True) == "delivered"


def test_or_that_the_phone_never_rang():
    assert state_after(factories.MessageFactory(state="sent"), False) == "failed"


def test_five_times_the_same_is_once():
    assert state_after(factories.MessageFactory(state="sent"), *[True] * 5) == "delivered"


def test_a_settled_one_is_not_unsettled():
    assert state_after(factories.MessageFactory(state="sent"), True, False, False) == "delivered"


def test_a_receipt_may_overtake_our_own_mark():
    assert state_after(factories.MessageFactory(state="sending"), True) == "delivered"


def test_a_receipt_for_an_earlier_sending_is_not_for_this_one():
    message = factories.MessageFactory(state="failed")
    key = message.idempotency_key
    services.send_again(message=message)
    assert not services.receive(key=key, delivered=True)


@pytest.mark.parametrize("key", ["", "x", "0", "1-2-3", "9" * 40, "１-2-3"])
def test_an_unknown_id_changes_nothing(key):
    assert not services.receive(key=key, delivered=True)


def test_the_provider_posts_it(post):
    message = factories.MessageFactory(state="sent")
    assert post({"id": message.idempotency_key, "delivered": True}).json() == {"changed": True}


def test_with_its_token_only(post):
    assert post({"id": "1", "delivered": True}, token="wrong").status_code == 401


def test_without_a_token_configured_there_is_no_such_page(client):
    assert client.post("/receipts/").status_code == 404


@pytest.mark.parametrize("data", ["", "[]", '{"id": 5, "delivered": true}', '{"id": "5", "delivered": "yes"}', "{"])
def test_nonsense_is_refused(post, data):
    assert post(data).status_code == 400
