"""Parallel tries count exactly, also where several limits count, and what is given back is. With controls."""

import uuid
from threading import Barrier

import pytest
from django.test import Client

from appointments.booking import look_up
from centers.people import rate_limits
from portal.accounts import familiar, password_throttle, throttle
from portal.accounts.models import Throttle
from portal.accounts.throttle import Limit
from tests import factories
from tests.appointments.steps import book
from tests.appointments.villager import answers, who_url
from tests.factories.appointments import at
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

AT_ONCE = 12
HOME = "198.51.100.7"


@pytest.fixture
def booked(slot, item, resident):
    return book(slot, item, resident)


def guess(phone: str, code: str, address: str) -> int:
    return Client().post("/bookings/", {"phone": phone, "code": code}, REMOTE_ADDR=address).status_code


def counts(key: str, per_seconds: int) -> int:
    row = Throttle.objects.filter(key=throttle.digest_of(key, per_seconds)).first()
    return sum(count for _at, count in row.moments) if row else 0


def test_guesses_at_a_number_from_many_networks(booked, monkeypatch):
    monkeypatch.setattr(look_up, "LOOKUPS_PER_PHONE", 4)
    answers_ = together(lambda n: guess(booked.phone, f"{200_000 + n}", f"9.9.9.{n}"), range(AT_ONCE))

    assert sorted(answers_) == [404] * 4 + [429] * (AT_ONCE - 4)


def test_guesses_of_one_network_at_many_numbers(db, monkeypatch):
    monkeypatch.setattr(look_up, "LOOKUPS_PER_ADDRESS", 4)
    answers_ = together(lambda n: guess(f"137{n:08d}", "482913", HOME), range(AT_ONCE))

    assert sorted(answers_) == [404] * 4 + [429] * (AT_ONCE - 4)


def test_guesses_that_cost_more_than_one(booked, center, item, resident, monkeypatch):
    monkeypatch.setattr(look_up, "COST_PER_PHONE", 9)
    factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(4, 10))
    answers_ = together(lambda n: guess(booked.phone, f"{200_000 + n}", f"9.9.9.{n}"), range(AT_ONCE))

    assert answers_.count(404) == 4  # two live codes: four tries cost eight of nine


def test_right_ones_are_all_given_back(booked):
    familiar.remember(f"lookup:{booked.phone}", [f"network:{HOME}"])
    assert together(lambda _n: guess(booked.phone, booked.code, HOME), range(6)) == [302] * 6

    assert counts(f"lookup:{booked.phone}:place:0", throttle.HOUR) == 0


def test_refused_bookings_are_all_given_back(center, item):
    past = factories.SlotFactory(center=center, starts_at=at(-1, 9))

    def post(number: int) -> int:
        form = answers(uuid.uuid4().hex, phone=f"137{number:08d}")
        return Client().post(who_url(past, item), form, REMOTE_ADDR=HOME).status_code

    assert set(together(post, range(AT_ONCE))) == {409}
    assert counts(f"book:{HOME}", throttle.HOUR) == counts(f"book:{HOME}", throttle.DAY) == 0


def test_bookings_of_one_address(center, item, monkeypatch):
    monkeypatch.setattr(rate_limits, "BOOKINGS_PER_ADDRESS", 4)
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=AT_ONCE)

    def post(number: int) -> int:
        form = answers(uuid.uuid4().hex, phone=f"137{number:08d}")
        return Client().post(who_url(slot, item), form, REMOTE_ADDR=HOME).status_code

    assert sorted(together(post, range(AT_ONCE))) == [302] * 4 + [429] * (AT_ONCE - 4)
    assert counts(f"book:{HOME}", throttle.HOUR) == 4


def test_passwords_at_one_account_from_many_networks(db, monkeypatch):
    monkeypatch.setattr(password_throttle, "PER_NAME", (4, throttle.DAY))

    def post(number: int) -> bool:
        sent = {"login": "zhang", "password": "wrong"}
        page = Client().post("/accounts/login/", sent, REMOTE_ADDR=f"10.0.{number}.1").content.decode()
        return "试的次数太多了" not in page

    assert together(post, range(AT_ONCE)).count(True) == 4


def test_networks_that_are_remembered_at_once_all_have_a_place(db):
    together(lambda n: familiar.remember("x", [f"network:10.0.0.{n}"]), range(familiar.PLACES))
    places = [familiar.place_of("x", [f"network:10.0.0.{n}"]) for n in range(familiar.PLACES)]

    assert sorted(places) == list(range(familiar.PLACES))


def test_either_all_limits_count_or_none(db):
    """The second limit is reached by half of them; the first then counts as often as the second."""
    limits = [Limit("a", 100, 60), Limit("b", 4, 60)]
    refused = together(lambda _n: throttle.claim(limits), range(AT_ONCE))

    assert refused.count(None) == 4
    assert (counts("a", 60), counts("b", 60)) == (4, 4)


def test_control_a_count_read_before_it_is_written_lets_all_of_them_through(db):
    throttle.allow("c", 4, 60)
    throttle.give_back("c", 60)
    all_have_read = Barrier(AT_ONCE, timeout=30)

    def naive(_n) -> bool:
        row = Throttle.objects.get(key=throttle.digest_of("c", 60))
        all_have_read.wait()
        if len(row.moments) >= 4:
            return False
        Throttle.objects.filter(key=row.key).update(moments=[*row.moments, [0, 1]])
        return True

    assert together(naive, range(AT_ONCE)).count(True) == AT_ONCE


def test_control_a_guess_counted_after_its_answer_is_answered_more_often(booked, monkeypatch):
    """`find` counts first; here the count comes when all have had their answer."""
    monkeypatch.setattr(look_up, "LOOKUPS_PER_PHONE", 4)
    all_have_asked = Barrier(AT_ONCE, timeout=30)

    def late(request, phone, token, cost) -> list:
        all_have_asked.wait()
        return []

    monkeypatch.setattr(look_up, "_count", late)
    answers_ = together(lambda n: guess(booked.phone, f"{200_000 + n}", f"9.9.9.{n}"), range(AT_ONCE))

    assert answers_ == [404] * AT_ONCE
