"""Each displaced person is told once, with the nearest alternatives; nothing goes out that says come."""

import pytest

from appointments.booking import services as booking
from appointments.models import Slot
from appointments.settling.telling import staff_will_call
from centers.days.keeping import keep
from centers.services import closures
from portal.notifications.models import Message
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def said(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind, channel="sms").values_list("body", flat=True))


def test_the_person_is_told_with_alternatives(closed, booked):
    assert len(said("closed")) == 1
    inbox = Message.objects.get(kind="closed", channel="inbox").body
    assert "农忙" in inbox and "还可以约" in inbox


def test_once_whatever_comes_after(closed, booked, open_daily):
    keep([open_daily])
    open_daily.days.update(version=7, reason="")
    keep([open_daily])
    assert len(said("closed")) == 1


def test_no_reminder_goes_out(closed, booked):
    assert not Message.objects.filter(kind="reminder", state__in=["pending", "listed"]).exists()


def test_control_without_the_closure_one_does(booked):
    assert Message.objects.filter(kind="reminder", state="pending").exists()


def test_who_was_told_hears_that_it_is_open_again(closed, booked, manager):
    closures.withdraw(closure=closed, by=manager)
    assert len(said("reopened")) == 1
    assert Message.objects.filter(kind="reminder", state="pending").exists()


def test_who_was_not_told_hears_nothing_of_it(closure, booked, manager):
    closures.withdraw(closure=closure, by=manager)
    assert said("reopened") == []


def test_who_moved_meanwhile_hears_nothing_of_it(closed, booked, manager):
    booking.move(appointment=booked, slot=Slot.objects.get(starts_at=at(4, 9)))
    closures.withdraw(closure=closed, by=manager)
    assert said("reopened") == []


def test_a_second_closure_after_reopening_is_told_again(closed, booked, manager, officer, open_daily):
    closures.withdraw(closure=closed, by=manager)
    again = closures.request(center=open_daily, starts_at=at(3, 0), ends_at=at(4, 0), reason="other", by=manager)
    closures.approve(closure=again, by=officer)
    assert len(said("closed")) == 2


def test_where_staff_call_nothing_is_sent(closure, booked, officer):
    with staff_will_call():
        closures.approve(closure=closure, by=officer)
    assert said("closed") == []


@pytest.mark.parametrize(("hours", "urgent"), [(1.5, True), (30, False)])
def test_a_visit_that_is_near_is_told_at_any_hour(closure, booked, officer, time_machine, hours, urgent):
    from datetime import timedelta

    time_machine.move_to(at(3, 9) - timedelta(hours=hours))
    closures.approve(closure=closure, by=officer)
    assert Message.objects.get(kind="closed", channel="sms").is_urgent is urgent
