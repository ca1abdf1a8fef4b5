import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client

from tests.accounts.conftest import ask_for_code, give_code, sign_in, signed_in

SETUP, PAGE = "/accounts/2fa/totp/activate/", "/admin/"


@pytest.fixture(autouse=True)
def liu_is_an_official(settings, nobody_holds_a_role):
    settings.SECOND_FACTOR_PREDICATE = "tests.accounts.sender.only_liu"
    settings.REQUIRE_SECOND_FACTOR = True


def test_an_official_sets_up_a_second_factor_before_anything_else(client, official):
    sign_in(client, "liu")
    assert client.get(PAGE)["Location"] == SETUP


def test_the_set_up_page_is_open_to_whoever_just_signed_in(client, official):
    sign_in(client, "liu")
    page = client.get(SETUP).content.decode()
    assert "data:image/svg+xml" in page
    assert client.session["mfa.totp.secret"] in page.replace(" ", "")


def test_an_official_works_on_once_it_is_set_up(client, admin):
    set_up(client, "root")
    assert client.get(PAGE).status_code == 200


def test_a_villager_needs_none(client, villager):
    sign_in(client, "zhang")
    assert client.get("/no-such-page/").status_code == 404


def test_whoever_may_enter_the_admin_pages_needs_one(client, admin):
    sign_in(client, "root")
    assert client.get(PAGE)["Location"] == SETUP


@pytest.mark.parametrize("path", ["/accounts/logout/", "/accounts/sessions/", "/accounts/password/change/"])
def test_ones_own_account_stays_open_without_it(client, official, path):
    sign_in(client, "liu")
    assert client.get(path).status_code == 200


def test_a_fragment_is_led_to_the_set_up_as_a_whole_page(client, official):
    sign_in(client, "liu")
    assert client.get(PAGE, headers={"hx-request": "true"})["HX-Redirect"] == SETUP


def test_the_next_sign_in_asks_for_the_second_factor(client, official):
    secret = set_up(client, "liu")
    again = Client()
    assert sign_in(again, "liu")["Location"] == "/accounts/2fa/authenticate/"
    assert not signed_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": now(secret, 1)})
    assert signed_in(again)


def test_a_code_by_sms_does_not_replace_it(client, official, sent):
    set_up(client, "liu")
    again = Client()
    ask_for_code(again, official.phone)
    give_code(again, sent[0][1])
    assert not signed_in(again)


def test_a_recovery_code_opens_it_once(client, official):
    set_up(client, "liu")
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    results = []
    for _ in range(2):
        again = Client()
        sign_in(again, "liu")
        again.post("/accounts/2fa/authenticate/", {"code": code})
        results.append(signed_in(again))
    assert results == [True, False]


def test_guesses_at_the_second_factor_are_limited(client, official):
    secret = set_up(client, "liu")
    again = Client()
    sign_in(again, "liu")
    for _ in range(5):
        again.post("/accounts/2fa/authenticate/", {"code": "000000"})
    again.post("/accounts/2fa/authenticate/", {"code": now(secret, 1)})
    assert not signed_in(again)


def test_the_demo_does_without(client, official, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    sign_in(client, "liu")
    assert client.get("/no-such-page/").status_code == 404


def set_up(client: Client, login: str) -> str:
    """Sign in and set up an authenticator app; returns its secret."""
    sign_in(client, login)
    client.get(SETUP)
    secret = client.session["mfa.totp.secret"]
    client.post(SETUP, {"code": now(secret)})
    return secret


def now(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later: each number is accepted once."""
    counter = next(iter(auth.yield_hotp_counters_from_time())) + steps
    return auth.format_hotp_value(auth.hotp_value(secret, counter))
