"""A code of the authenticator app opens one session, for as long as it is valid, the one that set it up included."""

from datetime import UTC, datetime
from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from portal.accounts import single_use
from tests.accounts.conftest import sign_in, signed_in
from tests.accounts.test_second_factor import SETUP, liu_is_an_official, now, set_up  # noqa: F401
from tests.together import together

pytestmark = pytest.mark.django_db

AUTHENTICATE = "/accounts/2fa/authenticate/"
START = datetime(2026, 12, 1, 3, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def still(time_machine):
    time_machine.move_to(START, tick=False)
    return lambda seconds: time_machine.move_to(START.timestamp() + seconds, tick=False)


def enters(code: str) -> bool:
    browser = Client()
    sign_in(browser, "liu")
    browser.post(AUTHENTICATE, {"code": code})
    return signed_in(browser)


def test_a_code_opens_once_as_long_as_it_is_valid(client, official, still):
    secret = set_up(client, "liu")
    code = now(secret, 2)  # of the next half minute: the phone's clock is a little fast
    assert enters(code)
    for seconds in (1, 29, 31, 45, 59, 61, 89):
        still(seconds)
        assert not enters(code), seconds


def test_the_code_that_set_it_up_opens_nothing(client, official, still):
    sign_in(client, "liu")
    client.get(SETUP)
    code = now(client.session["mfa.totp.secret"], 2)
    client.post(SETUP, {"code": code})
    assert Authenticator.objects.filter(type="totp").exists()
    for seconds in (1, 31, 61):
        still(seconds)
        assert not enters(code), seconds


def test_an_older_code_opens_nothing_after_a_newer_one(client, official):
    secret = set_up(client, "liu")
    assert enters(now(secret, 2))
    assert not enters(now(secret, 1))


def test_the_cache_decides_nothing(client, official):
    secret = set_up(client, "liu")
    assert enters(now(secret, 1))
    cache.clear()
    assert not enters(now(secret, 1))


def test_the_refusal_says_what_to_do(client, official):
    secret = set_up(client, "liu")
    enters(now(secret, 1))
    cache.clear()
    browser = Client()
    sign_in(browser, "liu")
    assert "请等手机上换成下一个" in browser.post(AUTHENTICATE, {"code": now(secret, 1)}).content.decode()


def test_control_the_next_code_opens(client, official, still):
    secret = set_up(client, "liu")
    assert enters(now(secret, 1))
    still(31)
    assert enters(now(secret, 1))


def test_spaces_and_dashes_make_no_other_code(client, official, still):
    secret = set_up(client, "liu")
    code = now(secret, 2)
    assert enters(f"{code[:3]} {code[3:]}")
    still(31)
    assert not enters(f"{code[:3]}-{code[3:]}") and not enters(code)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_parallel_requests_one_is_accepted(client, official):
    secret = set_up(client, "liu")
    authenticator = Authenticator.objects.get(type="totp")

    results = together(lambda _: single_use.accept(authenticator, now(secret, 1)), range(8))

    assert sorted(results) == [False] * 7 + [True]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_looking_before_storing_accepts_it_again_and_again(client, official):
    secret = set_up(client, "liu")
    all_have_looked = Barrier(8, timeout=60)

    def careless(_) -> bool:
        row = Authenticator.objects.get(type="totp")
        all_have_looked.wait()
        period = single_use._period_of(secret, now(secret, 1))
        if period <= row.data[single_use.PERIOD]:
            return False
        row.data[single_use.PERIOD] = period
        row.save(update_fields=["data"])
        return True

    assert together(careless, range(8)).count(True) > 1
