"""A villager waits for a full time: joins, sees the position, says yes when asked, gets the slip."""

import re

import pytest
from django.urls import reverse

from appointments.models import Appointment, Hold, WaitingEntry
from appointments.services import booking
from tests import factories
from tests.appointments.booking import book, taken
from tests.appointments.villager import answers, key_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(slot, item):
    """Both public places are taken."""
    return [book(slot, item, factories.ResidentFactory(division=slot.center.division)) for _ in range(2)]


def wait_url(slot, item) -> str:
    return reverse("wait", args=[slot.center.code, item.code, slot.pk])


def join(client, slot, item, **changed):
    url = wait_url(slot, item)
    return client.post(url, answers(key_in(client.get(url)), **changed))


def test_from_a_full_time_to_the_slip(client, center, item, slot, full, django_capture_on_commit_callbacks):
    times = client.get(reverse("book_time", args=[center.code, item.code])).content.decode()
    assert f'href="{wait_url(slot, item)}"' in times and "约满了" in times

    page = client.get(join(client, slot, item)["Location"])
    assert "您排在第1位" in page.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        booking.cancel(appointment=full[0])
    url = page.request["PATH_INFO"]
    assert "轮到您了" in client.get(url).content.decode()
    assert taken(slot) == (2, 0)

    slip = client.post(url, {"answer": "accept"}, follow=True).content.decode()
    assert "约好了" in slip and re.search(r"李\*英", slip)
    assert taken(slot) == (2, 0) and not Hold.objects.filter(ended_at=None).exists()
    assert WaitingEntry.objects.get().appointment == Appointment.objects.get(resident__name="李秀英")
