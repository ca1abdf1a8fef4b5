"""What was checked when somebody joined the waiting list is checked again at their yes; the page says what to do."""

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.catalog import services as catalog
from appointments.models import Appointment, ServiceItem, Slot, WaitingEntry
from tests import factories
from tests.appointments.waiting.line import fill, queue, refusal
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(slot, item, commit) -> WaitingEntry:
    booked = fill(slot, item)
    first = queue(slot, item, 2)[0]
    with commit():
        booking.cancel(appointment=booked[0])
    return WaitingEntry.objects.for_pages().get(pk=first.pk)


def ended(offered: WaitingEntry) -> None:
    ServiceItem.objects.filter(pk=offered.item_id).update(valid_to=timezone.localdate())


def closed(offered: WaitingEntry) -> None:
    Slot.objects.filter(pk=offered.slot_id).update(closed_at=timezone.now())


def unstaffed(offered: WaitingEntry) -> None:
    factories.SlotGapFactory(slot=offered.slot, center=offered.center, item_code=offered.item.code)


def booked_elsewhere(offered: WaitingEntry) -> None:
    """As many as one person may have on a day, at another center."""
    there = factories.CenterFactory()
    for hour in range(9, 17):
        slot = factories.SlotFactory(center=there, starts_at=at(3, hour))
        factories.AppointmentFactory(center=there, resident=offered.resident, starts_at=slot.starts_at)


CHANGES = {
    "the item has ended": (ended, "这里不再办这件事了，约上了也办不成。请打中心电话"),
    "the time is closed": (closed, "请另选一个时间"),
    "nobody is there for it": (unstaffed, "请"),
    "they have booked as much as one may": (booked_elsewhere, "请换一天，或打电话给中心"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_since_they_joined_is_told_to_who_says_yes(change, offered, client):
    make, sentence = CHANGES[change]
    make(offered)
    before = Appointment.objects.filter(center=offered.center).count()

    response = client.post(reverse("waiting", args=[offered.link]), {"answer": "accept"})

    assert response.status_code in (409, 422, 429)
    assert sentence in response.content.decode()
    assert Appointment.objects.filter(center=offered.center).count() == before
    assert WaitingEntry.objects.offered().filter(pk=offered.pk).exists()  # they may still decline


def test_control_what_has_not_changed_is_booked(offered, client):
    page = client.post(reverse("waiting", args=[offered.link]), {"answer": "accept"}, follow=True)

    assert "约上了" in page.content.decode()
    assert Appointment.objects.filter(resident=offered.resident).exists()


def test_nobody_joins_for_an_item_that_has_ended(slot, item):
    fill(slot, item)
    ServiceItem.objects.filter(pk=item.pk).update(valid_to=timezone.localdate())

    assert refusal(lambda: queue(slot, item, 1)) == "item_gone"


def test_a_place_is_not_offered_for_an_item_that_has_ended(slot, item, commit, county_official):
    other = factories.ServiceItemFactory(division=item.division, code="other")
    booked = fill(slot, item)
    waits, next_one = queue(slot, item, 1)[0], queue(slot, other, 1)[0]
    catalog.end(item=item, by=county_official)
    with commit():
        booking.cancel(appointment=booked[0])

    waits.refresh_from_db()
    next_one.refresh_from_db()
    assert (waits.offered_at, next_one.offered_at is None) == (None, False)


def test_a_new_version_of_the_item_is_the_same_item(offered, county_official, client):
    catalog.revise(item=ServiceItem.objects.get(pk=offered.item_id), by=county_official, name="换了个名字")

    client.post(reverse("waiting", args=[offered.link]), {"answer": "accept"})

    assert Appointment.objects.filter(resident=offered.resident).exists()
