"""A first-time resident is created in the booking's transaction, or not at all; one audit log insert for both."""

import uuid
from functools import partial

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.booking import services as booking
from appointments.models import Appointment, Channel
from appointments.slots.capacity import SlotFull
from centers.models import Resident
from centers.people import residents
from portal.ui.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(village):
    return partial(residents.find_or_create, division=village, name="钱来顺", phone="13800009999")


@pytest.fixture
def ask(slot, item, newcomer):
    return partial(booking.book, slot=slot, item=item, resident=newcomer, channel=Channel.ONLINE)


def fill(slot) -> None:
    slot.online_taken = slot.online_places
    slot.save()


def test_the_service_lists_with_the_booking(ask):
    appointment = ask(key="one-form")

    assert appointment.resident == Resident.objects.get(name="钱来顺")
    assert appointment.phone == "13800009999"
    assert LogEntry.objects.filter(object_repr__contains="钱").exists()


def test_the_service_lists_nobody_for_a_full_time(ask, slot):
    fill(slot)

    with pytest.raises(SlotFull):
        ask(key="one-form")
    assert not Resident.objects.filter(name="钱来顺").exists()
    assert not LogEntry.objects.filter(object_repr__contains="钱").exists()


def test_the_page_lists_nobody_for_a_full_time(client, slot, item):
    fill(slot)
    page = reverse("book_who", args=[slot.center.code, item.code, slot.pk])
    key = client.get(page).context["form"].initial.get("key") or uuid.uuid4().hex
    answer = client.post(page, {"name": "钱来顺", "phone": "13800009999", "party_size": 1, "key": key, "link": ""})

    assert answer.status_code == 409
    assert not Resident.objects.filter(name="钱来顺").exists()


def test_the_same_form_again_is_a_repeat_also_when_its_time_is_full_now(ask, slot):
    first = ask(key="one-form")
    fill(slot)

    again = ask(key="one-form")

    assert again == first
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert Resident.objects.filter(name="钱来顺").count() == Appointment.objects.count() == 1


@pytest.mark.parametrize("name", ["钱来福", "x" * 100])
def test_the_same_form_for_somebody_else_is_refused(ask, newcomer, name):
    ask(key="one-form")

    with pytest.raises(RuleBroken) as refused:
        ask(key="one-form", resident=partial(newcomer, name=name))
    assert refused.value.code == "key_reused"
    assert not Resident.objects.filter(name=name).exists()


def test_person_and_booking_are_noted_in_one_statement(ask, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)  # whole statements
    with CaptureQueriesContext(connection) as seen:
        appointment = ask(key="one-form")

    assert sum('INSERT INTO "auditlog_logentry"' in query["sql"] for query in seen) == 1
    noted = LogEntry.objects.filter(
        action=LogEntry.Action.CREATE, object_id__in=[appointment.resident_id, appointment.pk]
    )
    assert {(entry.content_type.model, entry.object_id) for entry in noted} >= {
        ("resident", appointment.resident_id),
        ("appointment", appointment.pk),
    }
