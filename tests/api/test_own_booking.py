"""Looking up, cancelling and moving a booking by phone number and code."""

import pytest

from tests import factories
from tests.appointments.steps import book, taken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(slot, item, resident):
    return book(slot, item, resident)


def test_a_booking_is_found_by_phone_and_code(api, booked):
    answer = api.get(f"appointments/{booked.code}", phone="138 0000 5678")

    assert answer.status_code == 200
    assert (answer.json()["code"], answer.json()["status"]) == (booked.code, "booked")


def test_what_is_private_is_not_kept_by_caches(api, booked):
    assert api.get(f"appointments/{booked.code}", phone=booked.phone)["Cache-Control"] == "private, no-store"


def test_a8_a_wrong_number_and_a_wrong_code_get_the_same_answer(api, booked):
    """A8."""
    wrong_code = api.get(f"appointments/{int(booked.code) % 900_000 + 100_000 - 1}", phone=booked.phone)
    wrong_number = api.get(f"appointments/{booked.code}", phone="13911112222")

    assert wrong_code.status_code == wrong_number.status_code == 404
    assert wrong_code.json() == wrong_number.json()


@pytest.mark.parametrize("code", ["-1", "0", str(2**63), "abcdef", "１２３４５６", "12345", "1234567"])
def test_b4_a_code_that_cannot_be_is_not_found(api, code, db):
    for answer in (
        api.get(f"appointments/{code}", phone="13800005678"),
        api.post(f"appointments/{code}/cancel", {"phone": "13800005678"}),
        api.post(f"appointments/{code}/move", {"phone": "13800005678", "slot": 1}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_guessing_codes_ends_after_ten(api, booked):
    answers = [api.get(f"appointments/{100_000 + number}", phone=booked.phone) for number in range(11)]

    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert answers[-1].json()["code"] == "too_many"


def test_the_pages_and_the_api_count_guesses_together(api, booked, client):
    for number in range(10):
        client.post("/bookings/", {"phone": booked.phone, "code": 100_000 + number})

    assert api.get(f"appointments/{booked.code}", phone=booked.phone).status_code == 429


# Cancelling


@pytest.mark.parametrize("where", ["body", "address"])
def test_a_booking_is_cancelled_once(api, booked, slot, where):
    path = f"appointments/{booked.code}/cancel"
    address, body = (path, {"phone": booked.phone}) if where == "body" else (f"{path}?phone={booked.phone}", None)

    answers = [api.post(address, body) for _time in range(2)]

    assert [(answer.status_code, answer.json()["status"]) for answer in answers] == [(200, "cancelled")] * 2
    assert taken(slot) == (0, 0)


def test_cancelling_with_the_number_in_the_address(api, booked):
    assert api.post(f"appointments/{booked.code}/cancel?phone={booked.phone}", {}).status_code == 200


def test_cancelling_needs_the_number(api, booked):
    answer = api.post(f"appointments/{booked.code}/cancel")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["phone"])


def test_nobody_else_cancels(api, booked, slot):
    assert api.post(f"appointments/{booked.code}/cancel", {"phone": "13911112222"}).status_code == 404
    assert taken(slot) == (1, 0)


def test_what_has_begun_is_not_cancelled(api, item, resident, center, time_machine):
    time_machine.move_to(at(0, 10), tick=False)
    begun = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))

    answer = api.post(f"appointments/{begun.code}/cancel", {"phone": begun.phone})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_changeable")


# Moving


def test_a_booking_is_moved(api, booked, slot, center):
    later = factories.SlotFactory(center=center, starts_at=at(4, 10))

    answer = api.post(f"appointments/{booked.code}/move", {"phone": booked.phone, "slot": later.pk})

    assert answer.status_code == 200
    assert answer.json()["starts_at"] == f"{later.starts_at:%Y-%m-%d}T10:00:00+08:00"
    assert (taken(slot), taken(later)) == ((0, 0), (1, 0))


def test_moving_to_a_full_time_keeps_the_first_and_names_others(api, booked, slot, center):
    full = factories.SlotFactory(center=center, starts_at=at(4, 10), online_places=0)

    answer = api.post(f"appointments/{booked.code}/move", {"phone": booked.phone, "slot": full.pk})

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_full")
    assert [other["slot"] for other in answer.json()["alternatives"]] == [slot.pk]
    assert taken(slot) == (1, 0)


def test_a_booking_stays_at_its_center(api, booked, other_center):
    elsewhere = factories.SlotFactory(center=other_center, starts_at=at(4, 10))

    answer = api.post(f"appointments/{booked.code}/move", {"phone": booked.phone, "slot": elsewhere.pk})

    assert (answer.status_code, answer.json()["code"]) == (409, "other_center")
