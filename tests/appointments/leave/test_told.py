"""Who is told of a leave: the center tells of a stand-in, the approval of a closed time, once and only if it holds."""

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.leave import services as leaving
from appointments.models import Slot
from centers.duty import leaves
from centers.models import DutyShift
from portal.notifications.models import Message
from portal.notifications.services import wording
from tests import factories
from tests.appointments.leave.test_leave import FRIDAY, ask, on_duty
from tests.appointments.steps import book


@pytest.fixture
def on_friday(open_weekdays, december, team, cadre):
    """刘晓敏, alone on duty."""
    team[2].user = cadre
    team[2].save()
    on_duty(team[2])
    return team[2]


@pytest.fixture
def booked(on_friday, item, resident):
    return book(Slot.objects.open().first(), item, resident)


@pytest.fixture
def stand_in(team, booked):
    factories.DutyShiftFactory(staff=team[3], date=FRIDAY, position=DutyShift.Position.BACKUP)
    return team[3]


def agreed(person, cadre, manager):
    return leaves.agree(leave=ask(person, cadre), by=manager)


def said(channel: str = "sms") -> list[str]:
    """What is said now of the booking, without what stands no longer."""
    rows = Message.objects.filter(channel=channel, subject__startswith="appointment")
    rows = rows.exclude(kind="confirmed").exclude(state="withdrawn")
    return [message.body for message in wording.shown(rows.order_by("pk"), timezone.now())]


def reached() -> None:
    Message.objects.filter(channel="sms").update(state="sent", sent_at=timezone.now())


def test_with_a_stand_in_the_center_tells_once(stand_in, on_friday, cadre, manager, signed_in):
    leave = agreed(on_friday, cadre, manager)
    client = signed_in(cadre)
    assert "有人顶的，都告诉一声" in client.get(reverse("duty_leave", args=[leave.pk])).content.decode()
    for _tap in range(2):
        page = client.post(reverse("duty_leave_tell", args=[leave.pk]), follow=True).content.decode()
    (only,) = said()
    assert "改由孙梅来办" in only and len(only) <= 70
    assert "有人顶的，都告诉一声" not in page and "消息在路上" in page


def test_without_one_the_approval_tells_and_the_page_says_so(booked, on_friday, cadre, manager, signed_in):
    leave = agreed(on_friday, cadre, manager)
    client = signed_in(cadre)
    page = client.get(reverse("duty_leave", args=[leave.pk])).content.decode()
    assert "消息在路上" in page and "告诉他（她）" not in page
    client.post(reverse("duty_leave_tell", args=[leave.pk]))
    assert "办不了" in said()[0] and len(said()) == 1


def test_a_leave_taken_back_before_anybody_heard_of_it_says_nothing(stand_in, on_friday, cadre, manager):
    leave = agreed(on_friday, cadre, manager)
    leaving.tell(leave=leave, by=cadre)
    leaving.withdraw(leave=leave, by=cadre)
    assert said("sms") == said("inbox") == []


@pytest.mark.parametrize("state", ["sending", "sent"])
def test_taken_back_afterwards_it_says_who_handles_it_after_all(stand_in, on_friday, cadre, manager, signed_in, state):
    leave = agreed(on_friday, cadre, manager)
    leaving.tell(leave=leave, by=cadre)
    Message.objects.filter(channel="sms").update(state=state, sent_at=timezone.now())
    for _tap in range(2):
        signed_in(cadre).post(reverse("duty_leave_answer", args=[leave.pk, "withdraw"]))
    (only,) = said("inbox")
    assert "改由刘晓敏来办" in only
    assert Message.objects.filter(kind="duty_changed", channel="sms", state="pending").count() == 1


def test_taken_back_the_closed_time_is_open_again(booked, on_friday, cadre, manager):
    leave = agreed(on_friday, cadre, manager)
    reached()
    leaving.withdraw(leave=leave, by=cadre)
    (only,) = said("inbox")
    assert "又能办了" in only
