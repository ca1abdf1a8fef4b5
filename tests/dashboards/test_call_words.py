"""What to say in a call: the words of this moment, with the reason and without a link."""

import pytest

from appointments.booking import services as booking
from appointments.models import Slot
from centers.models import ClosureNotice
from centers.services import closures
from portal.notifications.models import Message
from portal.ui import words
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

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


@pytest.fixture
def open_daily(center):
    factories.open_on(center, *range(7))
    return center


@pytest.fixture
def closed_call(open_daily, item, resident, manager, officer, cadre, signed_in, settings):
    """`closed_call()`: the page of the call to somebody whose time is closed."""
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": ""}
    book(Slot.objects.get(center=open_daily, starts_at=at(3, 9)), item, resident)
    closure = closures.request(center=open_daily, starts_at=at(3, 0), ends_at=at(4, 0), reason="farming", by=manager)
    closures.approve(closure=closure, by=officer)
    message = Message.objects.get(kind="closed", state="to_call")
    client = signed_in(cadre)
    return lambda: client.get(f"/desk/messages/{message.pk}/call/").content.decode()


def test_the_times_that_are_read_out_are_free_now(closed_call, open_daily):
    far = f"还可以约：{words.short_day(at(6, 10))}{words.clock(at(6, 10))}。"
    assert "还可以约：" in closed_call() and far not in closed_call()
    Slot.objects.filter(center=open_daily).exclude(starts_at=at(6, 10)).update(closed_at=at(0, 9))
    assert far in closed_call()


def test_what_has_changed_since_is_not_read_out(closed_call, officer, signed_in, cadre):
    assert "打通了" in closed_call()
    closures.withdraw(closure=ClosureNotice.objects.get(), by=officer)
    Message.objects.filter(kind="closed", channel="sms").update(state="to_call")  # a call that was undone
    page = closed_call()
    assert "不用再打电话说了" in page and "打通了" not in page
    assert "情况变了，不用再告诉" in signed_in(cadre).get("/desk/messages/?show=call").content.decode()
