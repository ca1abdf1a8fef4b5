"""By what a client's address counts: IPv6 by /64, and by /48 more loosely; here for passwords and codes."""

import pytest
from allauth.core.internal import ratelimit
from django.test import Client

from portal.accounts import codes, password_throttle
from portal.accounts.addresses import WIDER, network_of, networks_of
from tests.accounts.conftest import ask_for_code, sign_in
from tests.ipv6 import elsewhere, in_one_48, in_one_64


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("192.0.2.1", ("192.0.2.1",)),
        ("2001:db8:1:2:3:4:5:6", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("2001:0DB8:0001:0002::", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("::ffff:192.0.2.1", ("192.0.2.1",)),
        ("::ffff:c000:201", ("192.0.2.1",)),
        ("fe80::1%eth0", ("fe80::/64", "fe80::/48")),
        ("unknown", ("unknown",)),
        ("", ("",)),
    ],
)
def test_an_address_counts_by(address, networks):
    assert networks_of(address) == networks
    assert network_of(address) == networks[0]


WAYS = [(in_one_64, 3), (in_one_48, 3 * WIDER), (elsewhere, 30)]


@pytest.mark.parametrize(("address_of", "allowed"), WAYS)
def test_codes(db, sent, monkeypatch, address_of, allowed):
    monkeypatch.setattr(codes, "PER_ADDRESS_AND_HOUR", 3)
    for number in range(30):
        ask_for_code(Client(REMOTE_ADDR=address_of(number)), f"138000056{number:02}")
    assert len(sent) == allowed


@pytest.mark.parametrize(("address_of", "allowed"), WAYS)
def test_passwords(db, monkeypatch, address_of, allowed):
    monkeypatch.setattr(password_throttle, "PER_ADDRESS", (3, 60))
    pages = [sign_in(Client(REMOTE_ADDR=address_of(number)), f"name{number}", "wrong") for number in range(30)]
    assert sum("试的次数太多了" not in page.content.decode() for page in pages) == allowed


def test_passwords_of_one_account_in_one_64(db):
    pages = [sign_in(Client(REMOTE_ADDR=in_one_64(number)), "zhang", "wrong") for number in range(8)]
    assert sum("试的次数太多了" not in page.content.decode() for page in pages) == 5


def test_a_network_is_known_by_its_64(villager, monkeypatch):
    sign_in(Client(REMOTE_ADDR=in_one_64(1)), "zhang")
    monkeypatch.setattr(password_throttle, "PER_NAME", (0, 60))
    answers = [sign_in(Client(REMOTE_ADDR=address), "zhang").status_code for address in (in_one_64(2), in_one_48(7))]
    assert answers == [302, 200]


# Of the library's own steps these are offered here (portal/accounts/urls.py).
OFFERED = ("login", "request_login_code", "login_failed", "change_password", "reauthenticate")


@pytest.mark.parametrize("action", OFFERED)
def test_the_library_counts_by_account_and_not_by_address(action):
    rates = ratelimit.get_rates(app="allauth.account", action=action)
    assert [rate.per for rate in rates if rate.per == "ip"] == []


def test_whoever_is_signed_in_has_thirty_tries_a_day_at_the_old_password(villager, time_machine):
    """From wherever: somebody who has taken over a session does not go through a list of words."""
    client, new = Client(), {"password1": "nine-river-stones", "password2": "nine-river-stones"}
    statuses = []
    for number in range(32):
        time_machine.move_to(1_772_413_200 + number * 20, tick=False)
        if number == 0:
            sign_in(client, "zhang")
        answer = client.post(
            "/accounts/password/change/", {"oldpassword": "wrong", **new}, REMOTE_ADDR=elsewhere(number)
        )
        statuses.append(answer.status_code)
    assert statuses == [200] * 30 + [429] * 2
