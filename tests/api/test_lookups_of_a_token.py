"""A token's look-ups count for the token, not for its address or for the number."""

import pytest

from appointments.booking import look_up
from tests.appointments.steps import book

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(slot, item, resident):
    return book(slot, item, resident)


def wrong(api, phone: str, times: int) -> list[int]:
    return [api.get(f"appointments/{200_000 + number}", phone=phone).status_code for number in range(times)]


def test_a_token_looks_up_more_than_a_stranger(api, api_of, cadre, booked):
    assert wrong(api, booked.phone, 11)[-1] == 429

    assert set(wrong(api_of(cadre), booked.phone, look_up.LOOKUPS_PER_PHONE + 10)) == {404}


def test_and_uses_up_nobodys_tries(api, api_of, cadre, booked):
    wrong(api_of(cadre), booked.phone, look_up.LOOKUPS_PER_PHONE + 10)

    assert api.get(f"appointments/{booked.code}", phone=booked.phone).status_code == 200


def test_nor_do_strangers_use_up_its_own(api, api_of, cadre, booked):
    wrong(api, booked.phone, 40)

    assert api_of(cadre).get(f"appointments/{booked.code}", phone=booked.phone).status_code == 200


def test_its_own_end(api_of, cadre, manager, booked, monkeypatch):
    monkeypatch.setattr(look_up, "LOOKUPS_PER_TOKEN", 5)
    token, other = api_of(cadre), api_of(manager)

    assert wrong(token, booked.phone, 7) == [404] * 5 + [429] * 2
    assert other.get(f"appointments/{booked.code}", phone=booked.phone).status_code == 200


def test_its_network_becomes_no_familiar_one(api, api_of, cadre, booked):
    api_of(cadre).get(f"appointments/{booked.code}", phone=booked.phone)

    assert wrong(api, booked.phone, 12).count(404) == look_up.LOOKUPS_PER_ADDRESS_AND_PHONE
