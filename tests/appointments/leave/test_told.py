"""Who is told of a leave: the center tells of a stand-in, the approval of a closed time, once and only if it holds."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.leave import services as leaving
from appointments.leave.impact import affected_by
from appointments.models import Appointment, Slot
from appointments.settling import services as settling
from centers.duty import leaves
from centers.models import DutyShift, Leave
from centers.services import closures
from portal.notifications.models import Message
from portal.notifications.services import wording
from portal.ui.days import span
from portal.ui.errors import RuleBroken
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


def test_a_stand_in_who_changes_is_told_again(stand_in, on_friday, team, cadre, manager, center):
    leave = agreed(on_friday, cadre, manager)
    leaving.tell(leave=leave, by=cadre)
    reached()
    DutyShift.objects.filter(staff=stand_in).update(staff=team[0])
    factories.arrange(center)
    assert [str(one.contact) for one in affected_by(leave)] == [""]
    for _tap in range(2):
        leaving.tell(leave=leave, by=cadre)
    (only,) = said("inbox")
    assert team[0].name in only
    assert Message.objects.filter(kind="duty_changed", channel="sms").count() == 2


@pytest.mark.parametrize("changed", ["moved", "roster", "another leave"])
def test_taken_back_it_names_nobody_who_is_not_there(stand_in, on_friday, booked, cadre, manager, center, changed):
    leave = agreed(on_friday, cadre, manager)
    leaving.tell(leave=leave, by=cadre)
    reached()
    if changed == "moved":
        Appointment.objects.update(moved_at=timezone.now() + timedelta(seconds=1))
    elif changed == "roster":
        DutyShift.objects.filter(staff=on_friday).delete()
    else:
        factories.LeaveFactory(
            staff=on_friday,
            first_date=FRIDAY - timedelta(1),
            last_date=FRIDAY,
            agreed_at=timezone.now(),
            agreed_by=manager,
        )
    leaving.withdraw(leave=leave, by=cadre)
    assert "改由刘晓敏" not in "".join(said("inbox"))


def test_a_page_that_is_old_tells_nobody_of_a_leave_taken_back(stand_in, on_friday, cadre, manager):
    leave = agreed(on_friday, cadre, manager)
    seen = Leave.objects.for_pages().get(pk=leave.pk)
    leaving.withdraw(leave=leave, by=cadre)
    with pytest.raises(RuleBroken):
        leaving.tell(leave=seen, by=manager)
    assert said() == []


def test_a_pick_that_cannot_be_read_picks_nobody(stand_in, on_friday, cadre, manager, signed_in):
    leave = agreed(on_friday, cadre, manager)
    signed_in(cadre).post(reverse("duty_leave_tell", args=[leave.pk]), {"appointment": "abc"})
    assert said() == []


@pytest.fixture
def shut(stand_in, center, manager, officer, settings):
    """The whole Friday, and nothing can be sent."""
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": ""}
    first, last = span(FRIDAY, FRIDAY)
    closure = closures.request(center=center, starts_at=first, ends_at=last, reason="farming", by=manager)
    return closures.approve(closure=closure, by=officer)


def test_on_a_closed_day_nobody_stands_in_and_the_call_stays(shut, on_friday, cadre, manager, signed_in):
    leave, client = agreed(on_friday, cadre, manager), signed_in(cadre)
    page = client.post(reverse("duty_leave_tell", args=[leave.pk]), follow=True).content.decode()
    assert "孙梅" not in page and "办不了" in page
    assert "约的时间办不了了" in client.get("/desk/messages/?show=call").content.decode()


def test_what_is_kept_on_purpose_is_not_cancelled_with_the_others(booked, on_friday, cadre, manager, signed_in):
    leave, client = agreed(on_friday, cadre, manager), signed_in(manager)
    settling.keep(appointment=booked, how="home", by=manager)
    assert "没人顶的，都取消" not in client.get(reverse("duty_leave", args=[leave.pk])).content.decode()
    client.post(reverse("duty_leave_cancel", args=[leave.pk]))
    leaving.cancel(leave=leave, only=[booked.pk], reason="请假", by=manager)
    booked.refresh_from_db()
    assert booked.cancelled_at is None


def test_a_leave_taken_back_lists_nobody_as_touched(stand_in, on_friday, cadre, manager, signed_in):
    leave = agreed(on_friday, cadre, manager)
    leaving.withdraw(leave=leave, by=cadre)
    page = signed_in(cadre).get(reverse("duty_leave", args=[leave.pk])).content.decode()
    assert "同意以前只是看看" not in page and "孙梅" not in page
