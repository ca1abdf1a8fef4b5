"""A hundred come for one place: who cannot get it is told so before anything is counted, locked or written."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appointments.models import Slot
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


def test_who_may_book_no_more_that_day_is_told_that(api, full, center, settings):  # noqa: F811
    settings.BOOKING_LIMIT_PER_PHONE_AND_DAY = 1
    api.book(factories.SlotFactory(center=center, starts_at=at(3, 10)), **HERS)

    assert api.book(full, **HERS).json()["code"] == "phone_limit"


@pytest.mark.parametrize(
    ("made", "code"),
    [({"closed_at": timezone.now()}, "slot_gone"), ({"starts_at": at(0, 8), "ends_at": at(0, 8, 30)}, "slot_too_soon")],
)
def test_a_time_that_is_gone_is_not_called_full(api, full, made, code):  # noqa: F811
    Slot.objects.filter(pk=full.pk).update(**made)

    assert api.book(full, **HERS).json()["code"] == code


def test_staff_have_the_reserve_of_the_desk(full, item, center, cadre, resident, signed_in):
    form = {"slot": full.pk, "channel": "phone", "phone": resident.phone, "party_size": "1", "key": uuid.uuid4().hex}

    answer = signed_in(cadre).post(reverse("desk_book_time", args=[resident.pk, item.code]), form)

    assert answer.status_code == 302
