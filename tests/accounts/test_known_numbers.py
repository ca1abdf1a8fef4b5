"""A quarter of the day's SMS budget is kept for numbers that booked or signed in before."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts import codes
from portal.accounts.models import User
from tests import factories
from tests.accounts.conftest import ask_for_code, give_code, signed_in

KNOWN, UNKNOWN = "13800005678", "13700000001"


@pytest.fixture
def budget_of_strangers_is_used_up(db, sent, settings):
    settings.SMS_DAILY_BUDGET = 8
    for number in range(6):
        codes.send(phone=f"1360000000{number}", purpose="sign_in", address=f"192.0.2.{number}")
    sent.clear()


@pytest.fixture(params=["signed in", "booked"])
def known(request, db):
    if request.param == "signed in":
        User.objects.create(username="v1", phone=KNOWN, last_login=timezone.now())
    else:
        factories.AppointmentFactory(phone=KNOWN)


@pytest.mark.usefixtures("budget_of_strangers_is_used_up")
def test_a_number_that_is_known_still_gets_its_code(known, client, sent):
    ask_for_code(client, KNOWN)
    give_code(client, sent[0][1])
    assert signed_in(client)


@pytest.mark.usefixtures("budget_of_strangers_is_used_up")
def test_a_number_that_is_not_gets_none(client, sent):
    ask_for_code(client, UNKNOWN)
    assert sent == []


@pytest.mark.usefixtures("budget_of_strangers_is_used_up")
def test_an_account_that_was_never_used_makes_no_number_known(client, sent):
    User.objects.create(username="v1", phone=KNOWN)
    ask_for_code(client, KNOWN)
    assert sent == []


@pytest.mark.usefixtures("budget_of_strangers_is_used_up")
def test_both_are_answered_alike(known, sent):
    pages = []
    for phone in (KNOWN, UNKNOWN):
        client = Client()
        asked = ask_for_code(client, phone)
        page = client.get(asked["Location"]).content.decode()
        pages.append((asked.status_code, asked["Location"], "只给约过或登录过的手机号发验证码" in page))
    assert pages[0] == pages[1]
    assert pages[0][2]


@pytest.mark.usefixtures("budget_of_strangers_is_used_up")
def test_what_was_not_sent_uses_up_nothing_of_the_budget(known, sent):
    for number in range(20):
        ask_for_code(Client(), f"137000001{number:02}")
    ask_for_code(Client(), KNOWN)
    assert [phone for phone, _code in sent] == [KNOWN]


def test_nothing_is_said_while_there_is_enough(client, db, sent):
    page = client.get(ask_for_code(client, UNKNOWN)["Location"]).content.decode()
    assert "只给约过" not in page and len(sent) == 1


def test_known_numbers_use_the_whole_budget(db, sent, settings):
    settings.SMS_DAILY_BUDGET = 8
    for number in range(9):
        User.objects.create(username=f"v{number}", phone=f"1380000560{number}", last_login=timezone.now())
    for number in range(9):
        ask_for_code(Client(), f"1380000560{number}")
    assert len(sent) == 8
