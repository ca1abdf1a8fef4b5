"""The slip: on the screen, on paper, in a calendar."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Slot
from tests import factories
from tests.appointments.villager import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(resident, item, slot):
    return booking.book(slot=slot, item=item, resident=resident, channel="online", key="a" * 32)


@pytest.fixture
def page(client):
    return lambda name, appointment: client.get(reverse(name, args=[appointment.link])).content.decode()


def test_a_slip_is_neither_kept_nor_found_by_others(client, appointment):
    answer = client.get(reverse("booking", args=[appointment.link]))

    assert "no-store" in answer["Cache-Control"] and answer["X-Robots-Tag"] == "noindex"


def test_a_slip_masks_name_and_number(page, appointment):
    for name in ("booking", "booking_print", "booking_ics", "booking_cancel", "booking_move"):
        shown = page(name, appointment)
        assert "王桂兰" not in shown and "13800005678" not in shown and "138 0000 5678" not in shown


@pytest.mark.parametrize(
    ("state", "words"), [("cancelled", "这个预约已经取消"), ("served", "这次已经办过了"), ("missed", "这次没有来")]
)
def test_a_slip_says_what_became_of_it(page, state, words):
    appointment = factories.AppointmentFactory(starts_at=at(-1, 9), **{state: True})

    shown = page("booking", appointment)

    assert words in shown and reverse("booking_cancel", args=[appointment.link]) not in shown


def test_a_served_slip_leads_to_the_rating(page):
    assert "/rate/" in page("booking", factories.AppointmentFactory(starts_at=at(-1, 9), served=True))


@pytest.mark.parametrize("paper", ["a5", "slip"])
def test_a_slip_prints_with_its_address_as_a_code(client, appointment, paper):
    shown = client.get(reverse("booking_print", args=[appointment.link]), {"paper": paper}).content.decode()

    assert f"paper--{paper}" in shown and 'class="qr"' in shown


def test_a_slip_goes_into_a_calendar(client, appointment):
    event = event_of(client, appointment)

    assert event["dtstart"].dt == appointment.starts_at and event["dtend"].dt == appointment.ends_at
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event["status"] == "CONFIRMED" and "身份证" in event["description"]
    assert len(event.walk("VALARM")) == 1


def test_a_moved_booking_replaces_its_calendar_entry(client, appointment):
    before = event_of(client, appointment)
    booking.move(appointment=appointment, slot=factories.SlotFactory(center=appointment.center, starts_at=at(4, 9)))

    after = event_of(client, appointment)

    assert after["uid"] == before["uid"] and after["sequence"] > before["sequence"]


def test_a_closed_time_has_no_alarm_and_says_so(client, appointment, time_machine):
    before = event_of(client, appointment)
    Slot.objects.filter(pk__in=appointment.places.values("slot")).update(closed_at=timezone.now())
    time_machine.move_to(timezone.now() + timedelta(minutes=1))

    event = event_of(client, appointment)

    assert event["status"] == "TENTATIVE" and "办不了，请看预约" in event["summary"]
    assert event.walk("VALARM") == []
    assert event["uid"] == before["uid"] and event["sequence"] > before["sequence"]


def test_a_cancelled_booking_cancels_its_calendar_entry(client, appointment):
    booking.cancel(appointment=appointment)

    assert event_of(client, appointment)["status"] == "CANCELLED"


def test_a_long_name_and_a_hostile_one_stay_text(client, item, slot):
    slot.center.name = "<b>牛角尖</b>" * 5
    slot.center.save()
    link = book(client, slot, item)["Location"]

    assert "<b>" not in client.get(link).content.decode()


def event_of(client, appointment):
    answer = client.get(reverse("booking_ics", args=[appointment.link]))
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert calendar["method"] == "PUBLISH"
    return calendar.walk("VEVENT")[0]
