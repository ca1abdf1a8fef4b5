"""Guesses by strangers at a number do not use up the tries of those who have opened a booking of it before."""

import pytest
from django.test import Client

from appointments.booking import look_up
from appointments.models import Appointment
from portal.accounts import familiar
from portal.accounts.models import User
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db

HOME, ELSEWHERE = "198.51.100.7", "198.51.100.8"


@pytest.fixture
def booked(slot, item, resident):
    return book(slot, item, resident)


def ask(client: Client, phone: str, code, address: str = HOME) -> int:
    return client.post("/bookings/", {"phone": phone, "code": code}, REMOTE_ADDR=address).status_code


def wrong(number: int) -> str:
    return f"{200_000 + number}"


def use_up(phone: str) -> None:
    """Strangers guess until no stranger may guess any more."""
    for number in range(look_up.LOOKUPS_PER_PHONE + 5):
        ask(Client(), phone, wrong(number), f"9.9.9.{number}")
    assert ask(Client(), phone, wrong(99), "9.9.8.8") == 429


def test_a_network_that_found_it_before_finds_it(booked):
    ask(Client(), booked.phone, booked.code)
    use_up(booked.phone)

    assert ask(Client(), booked.phone, booked.code) == 302
    assert ask(Client(), booked.phone, booked.code, ELSEWHERE) == 429


def test_a_network_that_opened_its_slip_before_finds_it(booked):
    Client().get(f"/bookings/{booked.link}/", REMOTE_ADDR=HOME)
    use_up(booked.phone)

    assert ask(Client(), booked.phone, booked.code) == 302


def test_a_network_that_booked_it_finds_it(client, center, slot, item):
    form = {"name": "王桂兰", "phone": "13800005678", "party_size": 1, "relation": "self", "key": "a" * 32}
    client.post(f"/centers/{center.code}/book/{item.code}/{slot.pk}/", form, follow=True, REMOTE_ADDR=HOME)
    booked = Appointment.objects.get()
    use_up(booked.phone)

    assert ask(Client(), booked.phone, booked.code) == 302


def test_the_api_remembers_as_well(client, booked):
    path = f"/api/v1/appointments/{booked.code}?phone={booked.phone}"
    assert client.get(path, REMOTE_ADDR=HOME).status_code == 200
    use_up(booked.phone)

    assert client.get(path, REMOTE_ADDR=HOME).status_code == 200
    assert client.get(path, REMOTE_ADDR=ELSEWHERE).status_code == 429


def test_an_account_that_opened_it_before_finds_it_from_anywhere(booked, villager, signed_in):
    User.objects.filter(pk=villager.pk).update(phone="13700002222")
    ask(signed_in(villager), booked.phone, booked.code)
    use_up(booked.phone)

    assert ask(Client(), booked.phone, booked.code, ELSEWHERE) == 429
    assert ask(signed_in(villager), booked.phone, booked.code, ELSEWHERE) == 302


def test_another_household_of_the_same_ipv6_network_is_no_stranger_and_another_network_is(booked):
    ask(Client(), booked.phone, booked.code, "2001:db8:1:2::1")
    use_up(booked.phone)

    assert ask(Client(), booked.phone, booked.code, "2001:db8:1:2::99") == 302
    assert ask(Client(), booked.phone, booked.code, "2001:db8:1:3::1") == 429


def test_what_its_own_address_did_elsewhere_does_not_hold_it_up(booked):
    ask(Client(), booked.phone, booked.code)
    for number in range(look_up.LOOKUPS_PER_ADDRESS + 1):
        ask(Client(), f"137{number:08d}", wrong(number))

    assert ask(Client(), "13700009999", wrong(99)) == 429
    assert ask(Client(), booked.phone, booked.code) == 302


def test_a_network_that_opened_another_numbers_booking_is_a_stranger(booked, center, item):
    other = factories.AppointmentFactory(center=center, item=item, starts_at=at(4, 9), phone="13700001111")
    assert ask(Client(), other.phone, other.code) == 302
    use_up(booked.phone)

    assert ask(Client(), booked.phone, booked.code) == 429


def test_its_own_tries_end_as_well(booked):
    ask(Client(), booked.phone, booked.code)
    use_up(booked.phone)
    answers = [ask(Client(), booked.phone, wrong(number)) for number in range(look_up.LOOKUPS_PER_PLACE + 2)]

    assert answers == [404] * look_up.LOOKUPS_PER_PLACE + [429] * 2


def test_a_proven_number_has_its_own_too_and_they_end(booked, villager, signed_in):
    User.objects.filter(pk=villager.pk).update(phone=booked.phone, phone_verified_at=at(-1, 9))
    use_up(booked.phone)
    client = signed_in(villager)

    assert ask(client, booked.phone, booked.code) == 302
    assert [ask(client, booked.phone, wrong(number)) for number in range(11)].count(404) == 10


def test_a_try_costs_as_much_as_there_are_live_codes(booked, center, item, resident, monkeypatch):
    monkeypatch.setattr(look_up, "COST_PER_PHONE", 10)
    for hour in (10, 11, 14):
        factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(4, hour))
    answers = [ask(Client(), booked.phone, wrong(number), f"9.9.9.{number}") for number in range(4)]

    assert answers == [404, 404, 429, 429]  # four live codes: two tries cost eight of ten


def test_what_places_there_are_is_all_that_there_is(booked):
    """Networks that come and go do not add tries: each takes the place of an earlier one with what is left of it."""
    judged = 0
    for network in range(3 * familiar.PLACES):
        address = f"198.51.{network}.1"
        familiar.remember(f"lookup:{booked.phone}", [f"network:{address}"])
        judged += [ask(Client(), booked.phone, wrong(number), address) for number in range(12)].count(404)

    assert judged <= familiar.PLACES * look_up.LOOKUPS_PER_PLACE + look_up.LOOKUPS_PER_PHONE
