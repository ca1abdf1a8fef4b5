"""What to say in a call: the words of this moment, with the reason and without a link."""

import pytest

from appointments.booking import services as booking
from portal.notifications.models import Message
from tests.appointments.steps import book

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(slot, item, resident, cadre, signed_in, settings):
    """`page(reason=…)`: the page of the call after the booking was cancelled."""
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": ""}

    def of(**cancelling) -> str:
        booking.cancel(appointment=book(slot, item, resident), by=cadre, **cancelling)
        message = Message.objects.get(state="to_call")
        return signed_in(cadre).get(f"/desk/messages/{message.pk}/call/").content.decode()

    return of


def test_the_reason_is_said_which_an_sms_leaves_out(page):
    html = page(by_center=True, reason="停电")
    assert ("的预约取消了，因为停电" in html, "【家门口】" in html) == (True, False)
