"""A hundred come for one place: who cannot get it is told so before anything is counted, locked or written."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appointments.models import ServiceItem, Slot, SlotGap
from centers.models import Resident
from portal.accounts.models import Throttle
from tests import factories
from tests.api.conftest import api  # noqa: F401
from tests.appointments.villager import answers, who_url
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
HERS = {"name": "石大山", "phone": "13900002222"}


@pytest.fixture(autouse=True)
def counted(settings):
    settings.RATE_LIMITS = True


@pytest.fixture
def full(center, item):
    return factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=1, online_taken=1, desk_places=1)


def by_api(api, slot, key):  # noqa: F811
    return api.book(slot, key, **HERS).status_code


def by_form(api, slot, key, client, item):  # noqa: F811
    return client.post(who_url(slot, item), answers(key, **HERS)).status_code


def changes(asked) -> list[str]:
    reading = ("SELECT", "PREPARE", "EXECUTE", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [query["sql"] for query in asked if not query["sql"].startswith(reading) or "FOR UPDATE" in query["sql"]]


@pytest.mark.parametrize("way", ["api", "form"])
def test_nothing_is_counted_written_or_locked(api, client, full, item, way):  # noqa: F811
    key = uuid.uuid4().hex
    with CaptureQueriesContext(connection) as asked:
        status = by_api(api, full, key) if way == "api" else by_form(api, full, key, client, item)

    assert status == 409
    assert changes(asked) == []
    assert not Throttle.objects.exists()
    assert not Resident.objects.filter(name=HERS["name"]).exists()


@pytest.mark.parametrize("way", ["api", "form"])
def test_control_a_place_that_is_free_is_booked_and_counted(api, client, full, item, way):  # noqa: F811
    Slot.objects.filter(pk=full.pk).update(online_taken=0)
    key = uuid.uuid4().hex

    assert (by_api(api, full, key) if way == "api" else by_form(api, full, key, client, item)) in (201, 302)
    assert Throttle.objects.exists()


def test_who_has_the_place_is_told_so_again(api, full):  # noqa: F811
    Slot.objects.filter(pk=full.pk).update(online_taken=0)
    key = uuid.uuid4().hex

    assert [by_api(api, full, key) for _time in range(2)] == [201, 200]


def test_it_tells_nobody_which_number_has_a_booking_that_day(api, full, center, settings):  # noqa: F811
    settings.BOOKING_LIMIT_PER_PHONE_AND_DAY = 1
    assert api.book(factories.SlotFactory(center=center, starts_at=at(3, 10)), **HERS).status_code == 201
    counted = Throttle.objects.count()

    told = [api.book(full, name="某人", phone=phone).json() for phone in (HERS["phone"], "13900003333")]

    assert told[0] == told[1] and told[0]["code"] == "slot_full"
    assert Throttle.objects.count() == counted


def closed() -> dict:
    return {"closed_at": timezone.now()}


def begun() -> dict:
    return {"starts_at": timezone.now() - timedelta(minutes=5), "ends_at": timezone.now() + timedelta(minutes=25)}


@pytest.mark.parametrize(("made", "code"), [(closed, "slot_gone"), (begun, "slot_too_soon")])
def test_a_time_that_is_gone_is_not_called_full(api, full, made, code):  # noqa: F811
    Slot.objects.filter(pk=full.pk).update(**made())

    assert api.book(full, **HERS).json()["code"] == code


def test_nobody_for_the_item_is_not_called_full(api, full, center, item):  # noqa: F811
    SlotGap.objects.create(center=center, slot=full, item_code=item.code)

    assert api.book(full, **HERS).json()["code"] == "nobody_for_item"


def test_a_time_too_short_for_the_item_is_not_called_full(api, full, item):  # noqa: F811
    ServiceItem.objects.filter(pk=item.pk).update(minutes=60)

    assert api.book(full, **HERS).json()["code"] == "slot_gone"


def test_staff_have_the_reserve_of_the_desk(full, item, center, cadre, resident, signed_in):
    form = {"slot": full.pk, "channel": "phone", "phone": resident.phone, "party_size": "1", "key": uuid.uuid4().hex}

    answer = signed_in(cadre).post(reverse("desk_book_time", args=[resident.pk, item.code]), form)

    assert answer.status_code == 302
