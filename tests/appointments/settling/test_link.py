"""The one-tap link in the message about a closing: other times, cancelling, and what it says when things changed."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking.confirmation import answer_link
from appointments.models import Appointment, Slot
from appointments.settling import services as settling
from centers.services import closures
from portal.notifications import subjects
from portal.notifications.models import Message
from portal.notifications.services import wording
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def short_link(appointment) -> str:
    return "/c/" + answer_link(appointment, "b").rpartition("/c/")[2]


def test_the_link_in_the_message_does_not_ask_whether_they_come(client, closed, booked):
    path = short_link(booked)
    page = text(client.get(path))
    assert "我会来" not in page and "约好的时间办不了" in page
    client.post(path, {"answer": "come"})
    assert Appointment.objects.get().confirmed_at is None


def test_the_link_in_the_message_moves_to_another_time(client, closed, booked, open_daily):
    path = short_link(booked)
    page = text(client.get(path))
    assert "点一下，改到这个时间" in page
    offered = re.findall(r'name="slot" value="(\d+)"', page)
    done = client.post(path, {"slot": offered[0]}, follow=True)
    booked.refresh_from_db()
    assert booked.starts_at == Slot.objects.get(pk=offered[0]).starts_at
    assert "时间改好了" in text(done) and "我会来" in text(done)
    assert client.post(path, {"slot": offered[1]}).status_code == 404  # the second tap: that link was for the old time


def test_the_same_tap_once_more_shows_the_new_time(client, closed, booked, open_daily):
    path = short_link(booked)
    offered = re.findall(r'name="slot" value="(\d+)"', text(client.get(path)))
    for _tap in range(2):
        assert "时间改好了" in text(client.post(path, {"slot": offered[0]}, follow=True))
    booked.refresh_from_db()
    assert booked.move_count == 1


def test_who_had_said_they_come_can_use_the_link_of_the_closing(client, booked, closure, officer):
    client.post(short_link(booked), {"answer": "come"})
    closures.approve(closure=closure, by=officer)
    (sms,) = Message.objects.filter(kind="closed", channel="sms")
    link = wording.words_of(sms, subjects.rows_of([sms]), timezone.now())[1].rpartition("/c/")[2]
    page = text(client.get(f"/c/{link}"))
    assert "点一下，改到这个时间" in page and "来不了" in page
    assert "点一下，改到这个时间" in text(client.get(short_link(booked)))  # and the old one moves, too
    client.post(f"/c/{link}", {"answer": "cancel"})
    booked.refresh_from_db()
    assert booked.cancelled_at


def test_what_is_open_again_is_not_moved_by_an_old_page(client, closed, booked, officer, open_daily):
    path = short_link(booked)
    offered = re.findall(r'name="slot" value="(\d+)"', text(client.get(path)))
    closures.withdraw(closure=closed, by=officer)
    answer = client.post(path, {"slot": offered[0]})
    assert answer.status_code == 409 and "又能办了，没有改" in text(answer)


def test_who_is_visited_at_home_is_not_asked_to_come(client, closed, booked, cadre):
    settling.keep(appointment=booked, how="home", by=cadre)
    page = text(client.get(short_link(booked)))
    assert "听中心的安排" in page and "您来吗" not in page and "我会来" not in page


@pytest.mark.parametrize("how", ["home", "opened"])
def test_what_is_kept_on_purpose_is_cancelled_late_and_the_page_says_so(
    client, closed, booked, cadre, how, time_machine
):
    settling.keep(appointment=booked, how=how, by=cadre)
    page = reverse("booking_cancel", args=[booked.link])
    assert "不再给您安排" in text(client.get(page))
    time_machine.move_to(at(3, 8, 30), tick=False)
    assert "会记作“临近才取消”" in text(client.get(page))
    client.post(page)
    booked.refresh_from_db()
    assert booked.is_late_cancellation


@pytest.mark.parametrize("sent", ["x", "0", "99999999999999999999", ""])
def test_a_time_that_is_none_is_refused_and_the_others_stay(client, closed, booked, sent):
    page = client.post(short_link(booked), {"slot": sent})
    assert page.status_code == 409
    assert "请另选一个" in text(page) and "点一下，改到这个时间" in text(page)


def test_who_can_come_is_not_moved_by_the_link(client, booked, open_daily):
    other = Slot.objects.filter(center=open_daily, starts_at__gt=booked.starts_at).first()
    client.post(short_link(booked), {"slot": other.pk})
    starts_at = booked.starts_at
    booked.refresh_from_db()
    assert booked.starts_at == starts_at


@pytest.mark.parametrize("is_closed", [True, False])
def test_cancelling_promises_the_place_to_others_only_if_they_can_have_it(client, booked, closure, officer, is_closed):
    if is_closed:
        closures.approve(closure=closure, by=officer)
    page = reverse("booking_cancel", args=[booked.link])
    asked, done = text(client.get(page)), text(client.post(page, follow=True))
    assert ("让给别人" in asked, "让给别人" in done) == (not is_closed, not is_closed)
