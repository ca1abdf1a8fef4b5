"""A channel without a provider sends nothing: what only a message can tell is a call for the desk."""

import pytest
from django.utils import timezone

from appointments.booking import messages, reminders
from appointments.booking import services as booking
from appointments.booking.told import promises
from appointments.cases import services as cases
from appointments.waiting import offers
from appointments.waiting import services as waiting
from portal.notifications import services
from portal.notifications.models import Message
from portal.notifications.per_channel import for_channels
from tests.appointments.cases.carrying import open_case, seen
from tests.appointments.steps import book
from tests.appointments.waiting.line import fill, queue
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
LANDLINE = "03995550303"


@pytest.fixture
def nobody_sends(settings):
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": "", "voice": ""}


def told() -> list[tuple[str, str]]:
    """(kind, state) of what is not in the inbox."""
    return sorted(Message.objects.exclude(channel="inbox").values_list("kind", "state"))


def test_what_the_slip_has_told_is_no_call(nobody_sends, slot, item, resident):
    appointment = book(slot, item, resident)
    booking.cancel(appointment=appointment)
    assert told() == []


def test_control_with_a_provider_it_is_sent(slot, item, resident):
    book(slot, item, resident)
    assert told() == [("confirmed", "pending")]


def test_nothing_is_ever_sent(nobody_sends, slot, item, resident):
    appointment = book(slot, item, resident)
    booking.cancel(appointment=appointment, by_center=True, reason="停电")
    assert services.dispatch(at=at(1, 9)) == 0
    assert told() == [("cancelled", "to_call")]


def test_a_reminder_to_a_mobile_is_no_call(nobody_sends, slot, item, resident):
    book(slot, item, resident)
    reminders.catch_up(at(2, 9))
    assert told() == []


def test_a_landline_is_called_once(nobody_sends, slot, item, resident):
    book(slot, item, resident, phone=LANDLINE)
    reminders.catch_up(at(2, 9))
    reminders.catch_up(at(3, 7))
    assert told() == [("reminder", "to_call")]


def test_an_offer_is_a_call_and_who_takes_it_needs_none(nobody_sends, slot, item, resident):
    first, _second = fill(slot, item)
    [entry] = queue(slot, item, 1)
    booking.cancel(appointment=first)
    offers.sweep()
    assert told() == [("wait_offered", "to_call")]
    entry.refresh_from_db()
    waiting.accept(entry=entry)
    assert told() == [("wait_offered", "withdrawn")]


def test_a_result_is_a_call_and_the_invitation_to_rate_is_none(nobody_sends, center, item, resident, cadre):
    case = open_case(center, item, resident, cadre)
    cases.finish(case=case, seen=seen(case), by=cadre, outcome="refused", note="不满60周岁")
    assert told() == [("case_finished", "to_call")]


def test_what_waits_when_a_provider_is_switched_off_is_a_call_or_is_withdrawn(slot, item, resident, settings):
    appointment = book(slot, item, resident)
    services.plan(messages.after_leave(appointment, at(0, 8), "李建国", timezone.now()))
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": ""}
    services.dispatch()
    assert told() == [("confirmed", "withdrawn"), ("duty_changed", "to_call")]


def test_who_is_to_be_called_in_any_case_is_on_the_list(slot, item, resident):
    book(slot, item, resident)
    planned = for_channels("appointment:1", "resident:1", LANDLINE, "moved", at(0, 9), at(3, 9), by_call=True)
    services.plan(planned)
    assert ("moved", "to_call") in told()


def test_who_has_no_phone_is_on_the_list_too():
    services.plan(for_channels("appointment:1", "resident:1", "", "moved", at(0, 9), at(3, 9), needs_call=True))
    assert told() == [("moved", "to_call")]


class TestTheSlip:
    @pytest.fixture
    def appointment(self, slot, item, resident):
        return book(slot, item, resident)

    def said(self, appointment, now=None) -> str:
        return "".join(promises(appointment, now))

    def test_says_when_a_message_comes(self, appointment):
        said = self.said(appointment)
        assert "马上会有一条短信发到138****5678" in said
        assert "上午9:00" in said and "上午7:00" in said

    def test_names_only_what_is_still_to_come(self, appointment):
        said = self.said(appointment, at(2, 10))
        assert ("马上" in said, "上午9:00会" in said, "上午7:00会" in said) == (False, False, True)

    def test_says_that_none_comes_any_more(self, appointment):
        assert "不再另外提醒" in self.said(appointment, at(3, 8))

    def test_and_nothing_once_it_has_begun(self, appointment):
        assert promises(appointment, at(3, 9)) == []

    def test_without_a_provider_that_none_comes(self, nobody_sends, appointment):
        assert self.said(appointment) == "这里还不发短信，到时候没有提醒，请记好时间。"

    def test_at_a_landline_that_somebody_calls_once(self, nobody_sends, appointment):
        appointment.phone = LANDLINE
        assert "上午9:00以后，工作人员会打电话到039****0303提醒您一次" in self.said(appointment)

    def test_without_a_phone_that_nothing_comes(self, appointment):
        appointment.phone = ""
        assert "没有留电话" in self.said(appointment)

    def test_in_the_demo_that_nothing_is_really_sent(self, appointment, settings):
        settings.DEMO = True
        assert "演示" in self.said(appointment)

    @pytest.mark.parametrize("page", ["", "print/"])
    def test_has_it_on_the_page_and_on_paper(self, client, appointment, page):
        assert "会发短信到138****5678提醒您" in client.get(f"/bookings/{appointment.link}/{page}").content.decode()


class TestSigningIn:
    def test_offers_no_code_and_says_what_to_do(self, nobody_sends, client):
        page = client.get("/accounts/login/").content.decode()
        assert ("/accounts/login/code/" in page, "这里还发不了验证码" in page) == (False, True)

    def test_control_with_a_provider_it_does(self, client):
        page = client.get("/accounts/login/").content.decode()
        assert ("/accounts/login/code/" in page, "这里还发不了验证码" in page) == (True, False)

    def test_the_page_of_the_code_leads_back(self, nobody_sends, client):
        assert client.get("/accounts/login/code/")["Location"] == "/accounts/login/"
        assert client.post("/accounts/login/code/", {"phone": "13800005678"})["Location"] == "/accounts/login/"
        assert not Message.objects.exists()

    def test_nor_does_the_page_of_a_forgotten_password(self, nobody_sends, client):
        assert "/accounts/login/code/" not in client.get("/accounts/password/reset/").content.decode()
