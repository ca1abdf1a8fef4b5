"""A hundred come for one place: who cannot get it is told so before anything is locked or written."""

import uuid
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Slot
from appointments.slots.capacity import SlotFull
from centers.models import Resident
from centers.people import residents
from portal.ui.errors import RuleBroken
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(center):
    return factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=1, online_taken=1, desk_places=1)


def book(slot, item, name="石大山", phone="13900002222", **details):
    resident = partial(residents.find_or_create, division=slot.center.division, name=name, phone=phone)
    details = {"channel": "online", "key": uuid.uuid4().hex, "phone": phone, **details}
    return booking.book(slot=Slot.objects.get(pk=slot.pk), item=item, resident=resident, **details)


def test_nothing_is_written_or_locked(full, item):
    with CaptureQueriesContext(connection) as asked, pytest.raises(SlotFull):
        book(full, item)

    assert len(asked) <= 5  # the slot, its center and village, the bookings of that number, the key
    assert [query["sql"] for query in asked if not query["sql"].startswith(("SELECT", "EXECUTE", "PREPARE"))] == []
    assert not Resident.objects.filter(name="石大山").exists()


def test_control_a_place_that_is_free_is_booked(full, item):
    Slot.objects.filter(pk=full.pk).update(online_taken=0)

    assert book(full, item).pk


def test_who_has_the_place_is_told_so_again(full, item):
    Slot.objects.filter(pk=full.pk).update(online_taken=0)
    key = uuid.uuid4().hex
    mine = book(full, item, key=key)

    assert book(full, item, key=key).pk == mine.pk


def test_who_may_book_no_more_that_day_is_told_that(full, item, center, settings):
    settings.BOOKING_LIMIT_PER_PHONE_AND_DAY = 1
    book(factories.SlotFactory(center=center, starts_at=at(3, 10)), item)

    with pytest.raises(RuleBroken) as refusal:
        book(full, item)
    assert refusal.value.code == "phone_limit"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"closed_at": timezone.now()}, "slot_gone"), ({"starts_at": at(0, 8), "ends_at": at(0, 8, 30)}, "slot_too_soon")],
)
def test_a_time_that_is_gone_is_not_called_full(full, item, changes, code):
    Slot.objects.filter(pk=full.pk).update(**changes)

    with pytest.raises(RuleBroken) as refusal:
        book(full, item)
    assert refusal.value.code == code


def test_staff_have_the_reserve_of_the_desk(full, item, cadre):
    assert book(full, item, channel="phone", by=cadre).pk
