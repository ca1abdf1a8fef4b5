"""Words are made at the hand-over: what holds is said, and unsent messages about one booking become one."""

import json
from dataclasses import replace
from datetime import time, timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.utils import timezone

from appointments.booking import messages, subjects
from appointments.booking import services as booking
from portal.notifications import services
from portal.notifications.channels import Transient
from portal.notifications.models import Message
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short_links(settings):
    """Room for the name of the item."""
    settings.SHORT_URL = "https://jmk.cn"


@pytest.fixture
def appointment(slot, item, resident):
    return book(slot, item, resident)


def sms(**which) -> Message:
    return Message.objects.get(channel="sms", **which)


def handed_over(outbox) -> list[str]:
    return [json.loads(line)["text"] for line in outbox.read_text().splitlines()] if outbox.exists() else []


def test_until_then_there_are_none(appointment):
    assert (sms().title, sms().body) == ("", "")


def test_then_they_are_stored(appointment, outbox):
    services.dispatch()
    assert handed_over(outbox) == [sms().body]
    assert (sms().title, appointment.code in sms().body) == ("预约成功", True)


def test_what_changed_meanwhile_is_said(appointment, item, outbox):
    type(item).objects.update(everyday_name="领养老金")
    services.dispatch()
    assert "领养老金" in sms().body


def test_a_retry_says_the_same(appointment, item, channel_raises):
    channel_raises(Transient("busy"))
    services.dispatch()
    before, key = sms().body, sms().idempotency_key
    type(item).objects.update(everyday_name="领养老金")
    channel_raises(None)
    services.dispatch(at=at(1, 9))
    assert (sms().state, sms().body, sms().idempotency_key) == ("sent", before, key)


def test_sent_again_by_staff_it_has_new_words_under_a_new_id(appointment, item, channel_raises):
    channel_raises(Transient("busy"))
    services.dispatch()
    key = sms().idempotency_key
    type(item).objects.update(everyday_name="领养老金")
    services.send_again(message=sms())
    channel_raises(None)
    services.dispatch()
    assert ("领养老金" in sms().body, sms().idempotency_key != key) == (True, True)


def test_what_does_not_hold_any_more_is_withdrawn(appointment, outbox):
    """Without the service, which would have withdrawn it: the last look counts."""
    type(appointment).objects.update(starts_at=at(5, 9), ends_at=at(5, 10))
    assert services.dispatch() == 0
    assert (sms().state, handed_over(outbox)) == ("withdrawn", [])


def test_control_words_that_are_made_at_planning_say_the_old_time(appointment, outbox):
    Message.objects.filter(channel="sms").update(subject="text:1", body="已约好12月1日")
    type(appointment).objects.update(starts_at=at(5, 9), ends_at=at(5, 10))
    services.dispatch()
    assert handed_over(outbox) == ["已约好12月1日"]


def test_booked_moved_twice_and_cancelled_by_night_one_sms_says_that_it_is_cancelled(
    center, slot, item, resident, settings, outbox
):
    settings.QUIET_HOURS = (time(20, 30), time(8))
    others = [factories.SlotFactory(center=center, starts_at=at(4, hour)) for hour in (10, 11)]
    with time_machine.travel(at(0, 22), tick=False):
        made = book(slot, item, resident)
        for other in others:
            services.dispatch(at=at(0, 22))
            made = booking.move(appointment=made, slot=other)
        booking.cancel(appointment=made)
        services.dispatch(at=at(0, 22))
    assert handed_over(outbox) == []
    services.dispatch(at=at(1, 8))
    [said] = handed_over(outbox)
    assert "取消了" in said


@pytest.mark.parametrize("weaker", [messages.REMINDER, messages.CONFIRMED])
def test_of_two_unsent_ones_the_stronger_goes(appointment, outbox, weaker):
    Message.objects.filter(channel="sms").update(kind=weaker)
    left = timezone.now()
    services.plan(messages.after_leave(appointment, left - timedelta(hours=1), "李建国", left))
    services.dispatch()
    [said] = handed_over(outbox)
    assert "李建国" in said
    assert sms(kind=weaker).state == "replaced"


def test_whether_they_are_due_together_or_the_stronger_waits_for_a_retry(appointment, outbox):
    left = timezone.now()
    services.plan(messages.after_leave(appointment, left - timedelta(hours=1), "李建国", left))
    Message.objects.filter(kind=messages.DUTY_CHANGED).update(attempts=1, body="旧的", next_try_at=at(1, 9))
    assert services.dispatch() == 0
    assert sms(kind=messages.CONFIRMED).state == "replaced"


def test_two_bookings_of_one_person_are_two_messages(center, item, resident, outbox):
    for hour in (9, 10):
        book(factories.SlotFactory(center=center, starts_at=at(3, hour)), item, resident)
    services.dispatch()
    assert len(handed_over(outbox)) == 2


def test_one_booking_that_cannot_be_worded_holds_up_no_other(center, item, resident, monkeypatch, outbox):
    strange, fine = (book(factories.SlotFactory(center=center, starts_at=at(3, h)), item, resident) for h in (9, 10))

    def words(appointment, message, now):
        if appointment.pk == strange.pk:
            raise ZeroDivisionError
        return messages.words(appointment, message, now)

    monkeypatch.setattr("tests.notifications.test_words_at_the_hand_over.entry", with_words(words), raising=False)
    paths = {**django_settings.MESSAGE_SUBJECTS, "appointment": f"{__name__}.entry"}
    monkeypatch.setattr(django_settings, "MESSAGE_SUBJECTS", paths)
    for hour in range(6):
        services.dispatch(at=at(0, 9) + timedelta(hours=hour, days=1))
    assert (sms(subject=f"appointment:{strange.pk}").state, len(handed_over(outbox))) == ("parked", 1)
    assert sms(subject=f"appointment:{fine.pk}").state == "sent"


def with_words(words):
    return replace(subjects.SUBJECT, words=words)


def test_a_page_is_worded_with_as_many_queries_as_one(center, item, django_assert_num_queries):
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=30)
    for _person in range(20):
        book(slot, item, factories.ResidentFactory())
    pks = list(Message.objects.filter(channel="sms").values_list("pk", flat=True))
    with django_assert_num_queries(4):
        assert len(services.wording.prepare(pks, at(0, 9))) == 20
