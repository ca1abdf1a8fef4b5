"""What a client sends as a key is 32 hex digits; the server's own keys are spelled otherwise, and cannot be sent."""

import re

import pytest
from django.urls import reverse

from appointments.booking import services as booking
from appointments.desk import walk_in
from appointments.models import Appointment, Case, Ticket, WaitingEntry
from appointments.tickets import taking
from appointments.waiting import services as waiting
from portal.accounts.roles import Role
from portal.ui.idempotency import key_of, read_key
from tests import factories
from tests.api.conftest import Api
from tests.appointments.waiting.line import fill, join
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
OURS = re.compile("[0-9a-f]{32}")
KEY = "5f2c1f0e9d0b4f578f0a6b8f0f6b1f11"
FOREIGN = [
    "ticket:9",
    "waiting:4",
    "appointment:1",
    "web:1",
    "a" * 31,
    "a" * 33,
    "g" * 32,
    "１" * 32,
    "a\n" * 16,
]


@pytest.mark.parametrize("sent", [KEY, KEY.upper(), "5f2c1f0e-9d0b-4f57-8f0a-6b8f0f6b1f11"])
def test_a_key_is_32_hex_digits_however_they_are_written(sent):
    assert read_key(sent) == key_of(sent) == KEY


@pytest.mark.parametrize(
    "sent", [*FOREIGN, "\ud800", "", None, 5, KEY + "\n", f"{{{KEY}}}", f"urn:uuid:{KEY}", "-" * 32]
)
def test_anything_else_is_none_and_a_form_gets_a_new_one(sent):
    assert read_key(sent) is None
    assert OURS.fullmatch(key_of(sent)) and key_of(sent) != key_of(sent)


@pytest.fixture
def elsewhere(signed_in, other_center):
    """Who works at another center plants a key with a booking there."""
    item = factories.ServiceItemFactory(division=other_center.division, code="there")
    person = factories.ResidentFactory(division=other_center.division)
    slot = factories.SlotFactory(center=other_center, starts_at=at(2, 9), online_places=50)
    client = signed_in(factories.MembershipFactory(division=other_center.division, role=Role.PROXY_AGENT).user)

    def plant(key: str, **more) -> None:
        form = {"key": key, "slot": slot.pk, "channel": "phone", "phone": "13900001111", **more}
        client.post(reverse("desk_book_time", args=[person.pk, item.code]), form)

    return plant


def test_a_planted_key_does_not_keep_a_walk_in_from_being_named(elsewhere, center, cadre, item, resident):
    ticket = taking.issue_at_desk(center=center, by=cadre, key=KEY)

    elsewhere(f"ticket:{ticket.pk}")
    named = walk_in.identify(ticket=ticket, resident=resident, item=item, by=cadre)

    assert (named.center, named.resident) == (center, resident)
    assert Appointment.objects.exclude(pk=named.pk).get().center != center  # control: the other one was booked


def test_a_planted_key_does_not_keep_an_offer_from_being_accepted(
    elsewhere, slot, item, resident, django_capture_on_commit_callbacks
):
    booked = fill(slot, item)
    entry = join(slot, item, resident)
    with django_capture_on_commit_callbacks(execute=True):
        booking.cancel(appointment=booked[0])
    entry.refresh_from_db()
    assert entry.offered_at

    elsewhere(f"waiting:{entry.pk}")

    assert waiting.accept(entry=entry).resident == resident


@pytest.mark.parametrize("key", FOREIGN)
def test_no_form_stores_a_key_that_is_not_ours(elsewhere, signed_in, cadre, client, center, item, resident, slot, key):
    settled = {"name": "王桂兰", "phone": "13800005678", "who": "self", "key": key}
    elsewhere(key)
    client.post(reverse("book_who", args=[center.code, item.code, slot.pk]), settled)
    full = factories.SlotFactory(center=center, starts_at=at(5, 9), online_taken=2)
    client.post(reverse("wait", args=[center.code, item.code, full.pk]), settled)
    desk = signed_in(cadre)
    desk.post(reverse("desk_tickets"), {"key": key})
    desk.post(reverse("desk_case_open", args=[resident.pk, item.code]), {"key": key, "source": "call"})

    stored = [list(model.objects.values_list("key", flat=True)) for model in (Appointment, WaitingEntry, Ticket, Case)]
    assert [len(keys) for keys in stored] == [2, 1, 1, 1]
    assert all(OURS.fullmatch(one) for keys in stored for one in keys)


@pytest.mark.parametrize("key", ["k-1", "ticket:9", "a" * 31, "5f2c1f0e-9d0b-4f57-8f0a-6b8f0f6b1f1", ""])
def test_the_api_takes_a_uuid_and_says_so(slot, item, key):
    body = {"slot": slot.pk, "item": item.code, "name": "王桂兰", "phone": "13800005678"}

    answer = Api().post("appointments", body, **{"Idempotency-Key": key})

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["Idempotency-Key"])
    assert "UUID" in answer.json()["fields"]["Idempotency-Key"]


def test_two_spellings_of_one_key_book_once(slot, item):
    answers = [Api().book(slot, key=key) for key in (KEY, KEY.upper(), "5f2c1f0e-9d0b-4f57-8f0a-6b8f0f6b1f11")]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
