"""Passwords: how many tries an account bears from a network, a range, from everywhere; and who is not held up."""

import pytest
from django.test import Client

from portal.accounts import familiar, password_throttle
from tests.accounts.conftest import sign_in, signed_in

pytestmark = pytest.mark.django_db

TOO_MANY = "试的次数太多了"


def judged(address: str, login: str = "zhang") -> bool:
    return TOO_MANY not in sign_in(Client(REMOTE_ADDR=address), login, "wrong").content.decode()


def days(time_machine, number: int, tries, step: int = 31) -> int:
    """How many of `tries`, a function of the number of the try, are judged in so many days, one each `step` s."""
    count = 0
    for second in range(0, number * 86_400, step):
        time_machine.move_to(1_772_413_200 + second, tick=False)
        count += bool(tries(second // step))
    return count


def attempts(time_machine, address_of, step: int) -> int:
    """Tries at one account in one day, without the pages."""

    class Request:
        META: dict = {}

    def one(number: int):
        request = Request()
        request.META = {"REMOTE_ADDR": address_of(number)}
        return password_throttle.claim(request, "zhang")

    return days(time_machine, 1, one, step)


def test_one_network_has_sixty_tries_a_day(time_machine):
    assert attempts(time_machine, lambda _number: "192.0.2.1", step=120) == 60


@pytest.mark.parametrize(
    "address_of",
    [lambda number: f"192.0.2.{number % 250}", lambda number: f"2001:db8:1:{number % 250:x}::1"],
    ids=["IPv4 /24", "IPv6 /48"],
)
def test_a_range_as_a_whole_has_a_hundred(time_machine, address_of):
    assert attempts(time_machine, address_of, step=300) == 100


def test_all_addresses_together_have_two_hundred(time_machine):
    assert attempts(time_machine, lambda number: f"10.{number % 250}.{number // 250}.1", step=300) == 200


def test_another_account_is_not_slowed_by_it():
    for number in range(20):
        judged(f"10.0.{number}.1")
    assert judged("10.0.1.1", "li")


@pytest.fixture
def attacked(monkeypatch):
    """The account's tries of all strangers are used up."""

    def use_up() -> None:
        monkeypatch.setattr(password_throttle, "PER_NAME", (3, 86_400))
        for number in range(4):
            judged(f"10.0.{number}.1")

    return use_up


def test_the_owner_gets_in_from_where_they_signed_in_before(villager, attacked):
    sign_in(Client(REMOTE_ADDR="198.51.100.7"), "zhang")
    attacked()
    known, new = Client(REMOTE_ADDR="198.51.100.7"), Client(REMOTE_ADDR="198.51.100.8")
    sign_in(known, "zhang")
    sign_in(new, "zhang")
    assert (signed_in(known), signed_in(new)) == (True, False)


def test_a_wrong_password_makes_no_network_known(villager, attacked):
    sign_in(Client(REMOTE_ADDR="198.51.100.7"), "zhang", "wrong")
    attacked()
    client = Client(REMOTE_ADDR="198.51.100.7")
    sign_in(client, "zhang")
    assert not signed_in(client)


def test_another_users_network_is_no_known_one(villager, official, attacked):
    sign_in(Client(REMOTE_ADDR="198.51.100.7"), "liu")
    attacked()
    assert not judged("198.51.100.7")


def test_known_networks_have_a_bounded_number_of_tries():
    """Whoever is new takes over what is left of the place that was used longest ago."""
    for number in range(familiar.PLACES + 3):
        familiar.remember("password:zhang", [f"network:10.0.0.{number}"])
    places = [familiar.place_of("password:zhang", [f"network:10.0.0.{number}"]) for number in range(9)]
    assert places == [None, None, None, 3, 4, 5, 0, 1, 2]


def test_a_known_network_is_forgotten_after_ninety_days(time_machine):
    time_machine.move_to("2026-03-02T09:00:00+08:00", tick=False)
    familiar.remember("password:zhang", ["network:10.0.0.1"])
    time_machine.move_to("2026-05-30T09:00:00+08:00", tick=False)
    assert familiar.place_of("password:zhang", ["network:10.0.0.1"]) == 0
    time_machine.move_to("2026-06-01T09:00:00+08:00", tick=False)
    assert familiar.place_of("password:zhang", ["network:10.0.0.1"]) is None


def test_a_refused_try_counts_for_nothing(monkeypatch):
    monkeypatch.setattr(password_throttle, "PER_ADDRESS", (3, 60))
    for login in ("a", "b", "c", "d", "e"):
        judged("192.0.2.1", login)
    monkeypatch.setattr(password_throttle, "PER_ADDRESS", (60, 60))
    monkeypatch.setattr(password_throttle, "PER_NAME", (1, 86_400))
    assert judged("198.51.100.9", "e")
