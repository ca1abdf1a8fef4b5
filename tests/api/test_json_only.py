"""The API takes JSON only: what another site's page can have a browser send without asking changes nothing."""

import json

import pytest
from django.test import Client

from appointments.models import Appointment
from tests import factories
from tests.api.conftest import KEY, ROOT
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
ELSEWHERE = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
# What needs no preflight request (Fetch standard, CORS-safelisted), and a body without a type.
SIMPLE = ["text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", "multipart/form-data", ""]


@pytest.fixture
def booked(slot, item, resident):
    return book(slot, item, resident)


def post(path: str, body: dict, kind: str, **headers: str):
    return Client().post(ROOT + path, json.dumps(body), content_type=kind, headers={**ELSEWHERE, **headers})


@pytest.mark.parametrize("kind", SIMPLE)
@pytest.mark.parametrize("path", ["appointments/{code}/cancel", "appointments/{code}/cancel?phone=13800005678"])
def test_another_sites_page_cancels_nothing(booked, path, kind):
    answer = post(path.format(code=booked.code), {"phone": booked.phone}, kind)

    assert (answer.status_code, answer.json()["code"]) == (415, "json_needed")
    assert not Appointment.objects.get().cancelled_at


def test_nor_without_a_body(booked):
    path = f"{ROOT}appointments/{booked.code}/cancel?phone={booked.phone}"

    assert Client().generic("POST", path, headers=ELSEWHERE).status_code == 415
    assert not Appointment.objects.get().cancelled_at


@pytest.mark.parametrize("kind", SIMPLE)
def test_nor_does_it_move_or_book(booked, center, item, kind):
    other = factories.SlotFactory(center=center, starts_at=at(4, 9))
    wanted = {"slot": other.pk, "item": item.code, "name": "李四", "phone": "13900001234"}

    moved = post(f"appointments/{booked.code}/move", {"phone": booked.phone, "slot": other.pk}, kind)
    made = post("appointments", wanted, kind, **{"Idempotency-Key": KEY})

    assert (moved.status_code, made.status_code) == (415, 415)
    assert Appointment.objects.get().starts_at == booked.starts_at


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_control_json_does(booked, kind):
    assert post(f"appointments/{booked.code}/cancel", {"phone": booked.phone}, kind).status_code == 200
    assert Appointment.objects.get().cancelled_at


def test_a_browser_that_asks_first_is_not_allowed():
    asked = {**ELSEWHERE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}

    answer = Client().options(f"{ROOT}appointments", headers=asked)

    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_wrong_choice_is_told_in_the_apis_own_words(api, slot, item):
    said = api.book(slot, channel="fax").json()["fields"]["channel"]

    assert said == "只能填：online、phone、desk、api。"
