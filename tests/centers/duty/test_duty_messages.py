"""Messages to staff about swaps and leave: to the asked, then the asker, once, in quiet hours deferred."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from centers.duty import leaves, swaps
from portal.notifications.models import Message, State
from portal.ui.errors import RuleBroken
from tests import factories
from tests.centers.duty.conftest import MONDAY
from tests.said import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def swap(hers, colleague, cadre):
    return swaps.ask(shift=hers, taker=colleague, by=cadre)


@pytest.fixture
def leave(hers, cadre):
    day = date(2026, 12, 2)
    return leaves.ask(
        staff=hers.staff, first_date=day, first_part="morning", last_date=day, last_part="afternoon", by=cadre
    )


def said(kind, **which):
    return Message.objects.filter(kind=kind, **which)


def test_the_asked_colleague_is_told_by_sms_and_in_the_portal(signed_in, swap, colleague):
    assert "刘晓敏想请您顶11月27日上午的班" in words_of(kind="swap_asked", channel="sms", address=colleague.phone)

    page = signed_in(colleague.user).get("/me/messages/").content.decode()
    assert "刘晓敏想请您顶11月27日上午的班" in page
    assert reverse("duty_mine") in page


def test_what_is_said_at_work_is_nobody_elses(signed_in, swap, manager):
    assert "刘晓敏" not in signed_in(manager).get("/me/messages/").content.decode()


def test_asking_twice_tells_once(swap, hers, colleague, cadre):
    swaps.ask(shift=hers, taker=colleague, by=cadre)

    assert said("swap_asked", channel="sms").count() == 1


def test_by_day_or_by_night_it_is_not_urgent(swap):
    assert not said("swap_asked").filter(is_urgent=True).exists()


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [(swaps.agree, "swap_agreed", "孙梅答应了"), (swaps.refuse, "swap_refused", "还是您的")],
)
def test_the_asker_is_told_the_answer_once(swap, colleague, hers, answer, kind, words):
    answer(swap=swap, by=colleague.user)
    answer(swap=swap, by=colleague.user)

    assert words in words_of(kind=kind, channel="sms", address=hers.staff.phone)
    assert not said("swap_asked", state=State.PENDING).exists()


def test_an_exchange_names_both_shifts(hers, colleague, cadre):
    theirs = factories.DutyShiftFactory(staff=colleague, date=MONDAY)
    swaps.ask(shift=hers, taker=colleague, in_return=theirs, by=cadre)

    body = words_of(kind="swap_asked", channel="sms")
    assert "11月27日上午" in body
    assert "11月30日上午" in body
    assert len(body) <= 70


def test_who_has_no_account_is_told_whom_to_answer(hers, team, cadre):
    swaps.ask(shift=hers, taker=team[1], by=cadre)

    assert "请告诉中心负责人" in words_of(kind="swap_asked", channel="sms")


def test_a_question_taken_back_before_it_went_is_never_sent(swap, cadre):
    swaps.withdraw(swap=swap, by=cadre)

    assert not said("swap_asked").exclude(state=State.WITHDRAWN).exists()
    assert not said("swap_withdrawn").exists()


def test_who_has_read_it_is_told_that_it_needs_no_answer(swap, cadre, colleague):
    said("swap_asked", channel="sms").update(state=State.SENT, sent_at=swap.asked_at)
    swaps.withdraw(swap=swap, by=cadre)
    swaps.withdraw(swap=swap, by=cadre)

    assert "您不用回话" in words_of(kind="swap_withdrawn", channel="sms", address=colleague.phone)


def test_a_question_about_a_shift_that_is_given_away_is_taken_back(swap, hers, team, cadre, manager):
    other = swaps.ask(shift=hers, taker=team[1], by=cadre)
    swaps.agree(swap=other, by=manager)

    assert not said("swap_asked", state=State.PENDING).exists()


def test_a_swap_that_the_roster_refuses_tells_nobody(swap, colleague, time_machine):
    time_machine.move_to("2026-11-28T02:00:00Z")
    with pytest.raises(RuleBroken):
        swaps.agree(swap=swap, by=colleague.user)

    assert not said("swap_agreed").exists()


def test_leave_that_is_agreed_to_is_told(signed_in, leave, manager, cadre):
    leaves.agree(leave=leave, by=manager)
    leaves.agree(leave=leave, by=manager)

    assert "12月2日的假同意了" in words_of(kind="leave_answered", channel="sms")
    assert reverse("duty_leave", args=[leave.pk]) in signed_in(cadre).get("/me/messages/").content.decode()


def test_leave_that_is_refused_is_told_with_its_reason(leave, manager):
    leaves.refuse(leave=leave, refusal="那天检查，人手不够" * 10, by=manager)

    assert "人手不够" in words_of(kind="leave_answered", channel="inbox")
    assert len(words_of(kind="leave_answered", channel="sms")) <= 70


def test_leave_taken_back_before_the_answer_went_sends_nothing(leave, manager, cadre):
    leaves.agree(leave=leave, by=manager)
    leaves.withdraw(leave=leave, by=cadre)

    assert not said("leave_answered", state=State.PENDING).exists()


def test_a_question_ends_with_the_day_that_it_is_about(swap):
    ends = said("swap_asked", channel="sms").get().expires_at
    assert ends - swap.asked_at < timedelta(days=4)
