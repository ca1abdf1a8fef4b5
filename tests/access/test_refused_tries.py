"""What was refused does not use up what an address or a number may do: it may be a village's."""

import uuid
from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment
from centers.people import rate_limits
from tests import factories
from tests.appointments.steps import book
from tests.appointments.villager import answers, who_url
from tests.appointments.waiting.line import fill, join
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db

TRIES = rate_limits.BOOKINGS_PER_ADDRESS + 5


def on_the_page(slot, item, number: int, **changed) -> int:
    form = answers(uuid.uuid4().hex, **{"phone": f"137{number:08d}", **changed})
    return Client().post(who_url(slot, item), form).status_code


def by_the_api(slot, item, number: int, name: str = "李秀英", phone: str = "") -> int:
    body = {"slot": slot.pk, "item": item.code, "name": name, "phone": phone or f"137{number:08d}"}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    return Client().post("/api/v1/appointments", body, content_type="application/json", headers=key).status_code


def on_the_waiting_list(slot, item, number: int, **changed) -> int:
    url = reverse("wait", args=[slot.center.code, item.code, slot.pk])
    return Client().post(url, answers(uuid.uuid4().hex, **{"phone": f"137{number:08d}", **changed})).status_code


WAYS = [(on_the_page, 302), (by_the_api, 201)]


@pytest.fixture
def past(center):
    return factories.SlotFactory(center=center, starts_at=at(-1, 9))


@pytest.fixture
def full(center):
    return factories.SlotFactory(center=center, starts_at=at(4, 9), online_places=0, desk_places=0)


@pytest.mark.parametrize(("try_it", "done"), WAYS)
@pytest.mark.parametrize("where", ["past", "full"])
def test_tries_at_a_time_that_cannot_be_booked_lock_out_nobody(request, item, slot, try_it, done, where):
    gone = request.getfixturevalue(where)

    assert {try_it(gone, item, number) for number in range(TRIES)} == {409}

    assert try_it(slot, item, TRIES) == done


@pytest.mark.parametrize(("try_it", "done"), WAYS)
def test_nor_do_they_use_up_the_number(item, slot, past, try_it, done):
    assert {try_it(past, item, 7) for _number in range(15)} == {409}

    assert try_it(slot, item, 7) == done


def test_waiting_where_there_is_room_locks_out_nobody(item, slot):
    assert {on_the_waiting_list(slot, item, number) for number in range(TRIES)} == {409}

    assert on_the_page(slot, item, TRIES) == 302


@pytest.mark.parametrize(("try_it", "done"), WAYS)
def test_what_was_booked_is_counted(center, item, try_it, done, monkeypatch):
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_ADDRESS", 3)
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=9)

    assert [try_it(slot, item, number) for number in range(5)] == [done] * 3 + [429] * 2


def test_what_the_limits_refused_is_not_counted(center, item, monkeypatch):
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_ADDRESS", 1)
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=30)
    on_the_page(slot, item, 1)
    assert [on_the_page(slot, item, 2) for _time in range(15)] == [429] * 15
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_ADDRESS", 40)

    assert on_the_page(slot, item, 2) == 302


def test_the_same_form_again_is_counted_once(center, item, monkeypatch):
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_ADDRESS", 2)
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=9)
    form = answers(uuid.uuid4().hex)
    assert {Client().post(who_url(slot, item), form).status_code for _time in range(4)} == {302}

    assert [on_the_page(slot, item, number) for number in (1, 2)] == [302, 429]


@pytest.mark.parametrize("try_it", [on_the_page, by_the_api])
def test_whether_somebody_has_booked_is_asked_ten_times_a_day(item, slot, resident, try_it):
    """A refusal that says so is counted for the number."""
    book(slot, item, resident)
    answers_ = [try_it(slot, item, 0, name=resident.name, phone=resident.phone) for _time in range(12)]

    assert answers_ == [409] * 10 + [429] * 2
    other = factories.SlotFactory(center=slot.center, starts_at=at(5, 9))
    assert on_the_page(other, item, 1) == 302  # and it holds up nobody else behind the address


def test_whether_somebody_waits_is_asked_ten_times_a_day_as_well(item, slot, resident):
    fill(slot, item)
    join(slot, item, resident)
    waits = {"name": resident.name, "phone": resident.phone}

    assert [on_the_waiting_list(slot, item, 0, **waits) for _time in range(12)] == [409] * 10 + [429] * 2
    other = factories.SlotFactory(center=slot.center, starts_at=at(5, 9))
    assert on_the_page(other, item, 1) == 302  # and it holds up nobody else behind the address


@pytest.fixture
def villager_with_the_number(signed_in):
    return signed_in(factories.UserFactory(phone="13700000000", phone_verified_at=at(-1, 9)))


def test_a_proven_number_is_not_held_up_by_its_address(villager_with_the_number, item, slot, monkeypatch):
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_ADDRESS", 0)
    form = answers(uuid.uuid4().hex, phone="13700000000")

    assert on_the_page(slot, item, 1) == 429
    assert villager_with_the_number.post(who_url(slot, item), form).status_code == 302


def test_nor_by_what_others_do_with_it(villager_with_the_number, item, slot, monkeypatch):
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_PHONE_AND_DAY", 0)
    form = answers(uuid.uuid4().hex, phone="13700000000")

    assert on_the_page(slot, item, 0) == 429
    assert villager_with_the_number.post(who_url(slot, item), form).status_code == 302


def test_and_has_twenty_bookings_of_its_own(villager_with_the_number, center, item):
    statuses = []
    for day in range(1, 23):
        slot = factories.SlotFactory(center=center, starts_at=at(day, 9))
        form = answers(uuid.uuid4().hex, phone="13700000000")
        statuses.append(villager_with_the_number.post(who_url(slot, item), form).status_code)

    assert statuses == [302] * 20 + [429] * 2


def test_a_number_that_is_not_ones_own_is_held_up(villager_with_the_number, item, slot, monkeypatch):
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_ADDRESS", 0)
    form = answers(uuid.uuid4().hex, phone="13700000001")

    assert villager_with_the_number.post(who_url(slot, item), form).status_code == 429


# Moving


def test_moving_to_a_time_that_is_full_uses_up_nothing(client, item, slot, full, resident):
    booked = book(slot, item, resident)
    url = reverse("booking_move", args=[booked.link])
    assert {client.post(url, {"slot": full.pk}).status_code for _time in range(45)} == {409}
    later = factories.SlotFactory(center=slot.center, starts_at=at(5, 9))

    assert client.post(url, {"slot": later.pk}).status_code == 302


def test_moving_by_the_api_to_a_time_that_is_full_uses_up_nothing(client, item, slot, full, resident):
    booked = book(slot, item, resident)

    def move(to) -> int:
        body = {"phone": booked.phone, "slot": to.pk}
        url = f"/api/v1/appointments/{booked.code}/move"
        return client.post(url, body, content_type="application/json").status_code

    assert {move(full) for _time in range(45)} == {409}
    assert move(factories.SlotFactory(center=slot.center, starts_at=at(5, 9))) == 200


def test_moving_ones_proven_number_is_not_held_up_by_its_address(
    villager_with_the_number, item, slot, resident, monkeypatch
):
    monkeypatch.setattr(rate_limits, "RESCHEDULINGS_PER_ADDRESS", 0)
    booked = book(slot, item, resident)
    later = factories.SlotFactory(center=slot.center, starts_at=at(5, 9))
    url = reverse("booking_move", args=[booked.link])
    assert Client().post(url, {"slot": later.pk}).status_code == 429
    Appointment.objects.filter(pk=booked.pk).update(phone="13700000000")

    assert villager_with_the_number.post(url, {"slot": later.pk}).status_code == 302


# Tickets


@pytest.fixture
def at_the_door(client, center, settings, monkeypatch):
    settings.WALK_IN_ONLINE = True
    monkeypatch.setattr(rate_limits, "TICKETS_PER_ADDRESS", 3)
    url = reverse("ticket_take", args=[center.code])
    return lambda: client.post(url, {"key": uuid.uuid4().hex}).status_code


@pytest.fixture
def open_now(center):
    """Open around the clock, today and every day."""
    factories.CalendarDayFactory(date=at(0, 9).date(), kind="workday")
    factories.open_on(center, *range(7), opens=time(0), closes=time(23, 59))


def test_tickets_that_were_refused_use_up_nothing(request, at_the_door):
    assert {at_the_door() for _time in range(10)} == {409}
    request.getfixturevalue("open_now")

    assert [at_the_door() for _time in range(4)] == [302] * 3 + [429]
