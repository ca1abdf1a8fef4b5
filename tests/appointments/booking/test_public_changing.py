"""Moving and cancelling from the slip; stale pages get a sentence."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.desk import attendance
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(resident, item, slot):
    return booking.book(slot=slot, item=item, resident=resident, channel="online", key="a" * 32)


@pytest.fixture
def later(center):
    return factories.SlotFactory(center=center, starts_at=at(4, 9))


@pytest.fixture
def move_url(appointment):
    return reverse("booking_move", args=[appointment.link])


@pytest.fixture
def cancel_url(appointment):
    return reverse("booking_cancel", args=[appointment.link])


def test_moving_shows_days_times_and_asks_once(client, move_url, later):
    assert f"{move_url}?slot={later.pk}" in client.get(move_url, {"day": at(4, 9).date()}).content.decode()
    assert "改到这个时间吗" in client.get(move_url, {"slot": later.pk}).content.decode()


def test_a_move_keeps_code_and_link(client, appointment, move_url, later):
    code = appointment.code

    slip = client.post(move_url, {"slot": later.pk}, follow=True).content.decode()

    appointment.refresh_from_db()
    assert appointment.starts_at == later.starts_at and appointment.code == code
    assert "时间改好了" in slip


def test_a_move_into_a_full_time_keeps_the_first_and_offers_others(client, appointment, move_url, later):
    other = factories.SlotFactory(center=appointment.center, starts_at=at(4, 10))
    type(later).objects.filter(pk=later.pk).update(online_taken=later.online_places)

    page = client.post(move_url, {"slot": later.pk})

    assert page.status_code == 409
    assert "还给您留着" in page.content.decode() and f'value="{other.pk}"' in page.content.decode()
    first = appointment.starts_at
    appointment.refresh_from_db()
    assert appointment.starts_at == first
    assert appointment.places.filter(released_at__isnull=True).count() == 1


@pytest.mark.parametrize("asked", ["", "x", "0", "-1", "9" * 30, str(2**63)])
def test_a_time_that_is_not_there_leads_back_to_the_days(client, move_url, later, asked):
    assert "改到什么时间" in client.post(move_url, {"slot": asked}).content.decode()


def test_nobody_moves_to_another_center(client, move_url, other_center):
    elsewhere = factories.SlotFactory(center=other_center, starts_at=at(4, 9))

    assert "改到什么时间" in client.post(move_url, {"slot": elsewhere.pk}).content.decode()


def test_cancelling_asks_first(client, appointment, cancel_url):
    client.get(cancel_url)

    appointment.refresh_from_db()
    assert appointment.cancelled_at is None


def test_cancelling_gives_the_place_back(client, appointment, cancel_url, slot):
    slip = client.post(cancel_url, follow=True).content.decode()

    slot.refresh_from_db()
    assert slot.online_taken == 0 and "已经取消" in slip


def test_cancelling_twice_is_cancelling_once(client, appointment, cancel_url, slot):
    client.post(cancel_url)

    assert client.post(cancel_url).status_code == 302
    slot.refresh_from_db()
    assert slot.online_taken == 0


def test_past_the_cutoff_it_is_said_and_counted(client, appointment, cancel_url):
    soon = timezone.now() + timedelta(minutes=90)
    type(appointment).objects.update(starts_at=soon, ends_at=soon + timedelta(minutes=30))

    assert "临近才取消" in client.get(cancel_url).content.decode()
    client.post(cancel_url)
    appointment.refresh_from_db()
    assert appointment.is_late_cancellation


def test_before_the_cutoff_it_does_not_count(client, appointment, cancel_url):
    client.post(cancel_url)

    appointment.refresh_from_db()
    assert not appointment.is_late_cancellation


@pytest.mark.parametrize("name", ["booking_move", "booking_cancel"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_opened_yesterday_gives_the_slip_as_it_is_now(client, appointment, cadre, name, method):
    type(appointment).objects.update(starts_at=timezone.now(), ends_at=timezone.now() + timedelta(minutes=30))
    attendance.serve(appointment=appointment, by=cadre)

    slip = getattr(client, method)(reverse(name, args=[appointment.link]), follow=True).content.decode()

    assert "现在不能改了" in slip and "已经办过了" in slip
