"""What was checked when a swap or a leave was asked for is checked again when agreed to; the page says what to do."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.duty import leaves, swaps
from centers.models import DutyShift, Leave, ShiftSwap, Staff
from tests import factories
from tests.centers.duty.conftest import FRIDAY, MONDAY

pytestmark = pytest.mark.django_db
SATURDAY = date(2026, 11, 28)


@pytest.fixture
def theirs(colleague):
    return factories.DutyShiftFactory(staff=colleague, date=MONDAY)


@pytest.fixture
def swap(hers, colleague, theirs, cadre):
    return swaps.ask(shift=hers, taker=colleague, in_return=theirs, by=cadre)


@pytest.fixture
def agreed(swap, colleague, signed_in):
    """What the page says to whoever is asked, when they agree."""

    def agree() -> str:
        address = reverse("duty_answer_swap", args=[swap.pk, "agree"])
        return signed_in(colleague.user).post(address, follow=True).content.decode()

    return agree


def away(person: Staff, day: date) -> None:
    factories.LeaveFactory(staff=person, first_date=day, agreed=True)


def gone(person: Staff, day: date) -> None:
    """Written without what follows from it, as by another program."""
    Staff.objects.filter(pk=person.pk).update(left_on=day)


def removed(shift: DutyShift) -> None:
    DutyShift.objects.filter(pk=shift.pk).update(removed_in=9)


CHANGES = {
    "the taker is on leave": (lambda swap: away(swap.taker, FRIDAY), "那半天请了假，上不了这个班。请回不换"),
    "the asker is on leave then": (lambda swap: away(swap.shift.staff, MONDAY), "那半天请了假，上不了这个班。请回不换"),
    "the taker has left": (lambda swap: gone(swap.taker, FRIDAY), "已经不在这里上班了，上不了这个班。请回不换"),
    "the asker has left": (lambda swap: gone(swap.shift.staff, MONDAY), "已经不在这里上班了，上不了这个班。请回不换"),
    "the shift is gone": (lambda swap: removed(swap.shift), "请看看最新的值班表"),
    "the one in return is gone": (lambda swap: removed(swap.in_return), "请看看最新的值班表"),
    "the one in return is another's": (
        lambda swap: DutyShift.objects.filter(pk=swap.in_return_id).update(staff=swap.shift.staff),
        "要换回的班不是他（她）的。请另选一个",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_since_a_swap_was_asked_for_is_told_to_who_agrees(change, swap, manager, signed_in):
    make, sentence = CHANGES[change]
    make(swap)

    page = signed_in(manager).post(reverse("duty_answer_swap", args=[swap.pk, "agree"]), follow=True).content.decode()

    assert sentence in page
    assert ShiftSwap.objects.waiting().get() == swap
    assert not DutyShift.objects.active().filter(date=FRIDAY, staff=swap.taker).exists()


def test_control_what_has_not_changed_is_agreed_to(swap, agreed, colleague):
    assert "换好了" in agreed()
    assert DutyShift.objects.active().get(date=FRIDAY).staff == colleague


def test_who_works_elsewhere_by_now_does_not_agree(swap, agreed):
    Staff.objects.filter(pk=swap.taker_id).update(center=factories.CenterFactory())

    assert "只能跟同一个中心的人换。请回不换，再另找一个人顶。" in agreed()


def test_a_leave_on_another_day_is_no_matter(swap, agreed):
    away(swap.taker, SATURDAY)

    assert "换好了" in agreed()


def test_a_swap_of_a_day_that_is_over_is_not_agreed_to(swap, agreed, time_machine):
    time_machine.move_to("2026-11-28T02:00:00Z", tick=True)

    assert "这个班已经过去了，不能再换。请看看最新的值班表。" in agreed()
    assert ShiftSwap.objects.waiting().exists()


@pytest.mark.parametrize("who", ["taker", "asker"])
def test_who_is_away_is_not_asked_on_the_page_either(who, hers, colleague, theirs, cadre, signed_in):
    away(colleague if who == "taker" else hers.staff, FRIDAY if who == "taker" else MONDAY)
    sent = {"taker": colleague.pk, "in_return": theirs.pk}

    page = signed_in(cadre).post(reverse("duty_ask_swap", args=[hers.pk]), sent).content.decode()

    assert "那半天请了假，上不了这个班。请换一个人问。" in page
    assert not ShiftSwap.objects.exists()


@pytest.fixture
def leave(hers, cadre):
    span = {"first_date": FRIDAY, "first_part": "morning", "last_date": FRIDAY, "last_part": "evening"}
    return leaves.ask(staff=hers.staff, **span, by=cadre)


@pytest.fixture
def decided(leave, manager, signed_in):
    def decide(answer: str = "agree", **sent) -> str:
        address = reverse("duty_leave_answer", args=[leave.pk, answer])
        return signed_in(manager).post(address, sent, follow=True).content.decode()

    return decide


def test_control_a_leave_that_holds_still_is_agreed_to(leave, decided):
    assert "同意了。" in decided()
    assert Leave.objects.agreed().get() == leave


def test_a_leave_of_days_that_are_over_is_not_agreed_to_but_can_be_refused(leave, decided, time_machine):
    time_machine.move_to("2026-11-28T02:00:00Z", tick=True)

    assert "这几天已经过去了，不能再请。请回不同意，写明原因。" in decided()
    assert Leave.objects.waiting().get() == leave
    assert "回了不同意" in decided("refuse", refusal="过了")


def test_a_leave_of_somebody_who_has_left_is_not_agreed_to(leave, decided):
    gone(leave.staff, FRIDAY)

    assert "已经不在这里上班了，不用请假。请回不同意，写明原因。" in decided()
    assert Leave.objects.waiting().get() == leave


def test_of_two_leaves_for_one_day_none_is_agreed_to_before_the_other_is_taken_back(leave, decided):
    other = factories.LeaveFactory(staff=leave.staff, first_date=FRIDAY, first_part="afternoon", last_part="evening")

    assert "这几天里已经请过假了。请先把另一次收回，或者这次回不同意。" in decided()
    Leave.objects.filter(pk=other.pk).update(withdrawn_at=timezone.now())
    assert "同意了。" in decided()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2026-11-24", "这几天已经过去了，不能再请。请改成以后的日子。"), ("2026-11-27", "请先收回原来那次，再重新请")],
)
def test_asking_for_a_leave_says_the_same(day, sentence, hers, leave, manager, signed_in):
    span = {"first_date": day, "first_part": "morning", "last_date": day, "last_part": "morning"}
    address = f"{reverse('duty_ask_leave')}?center={hers.center.code}"

    page = signed_in(manager).post(address, {"staff": leave.staff.pk, **span}).content.decode()

    assert sentence in page
    assert Leave.objects.count() == 1
