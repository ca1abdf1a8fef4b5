"""A question about a swap ends with its shift and with its day, and both are told."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from centers.duty import lapsing, people, rosters, swaps
from centers.models import ShiftSwap
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from tests import factories
from tests.centers.duty.conftest import FRIDAY, MONDAY
from tests.said import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def swap(hers, colleague, cadre):
    theirs = factories.DutyShiftFactory(staff=colleague, date=MONDAY)
    return swaps.ask(shift=hers, taker=colleague, in_return=theirs, by=cadre)


def is_waiting(swap: ShiftSwap) -> bool:
    return ShiftSwap.objects.get(pk=swap.pk).is_waiting


def told(kind: str = "swap_ended") -> set[str]:
    return set(Message.objects.filter(kind=kind, channel="sms").values_list("address", flat=True))


def both(swap: ShiftSwap) -> set[str]:
    return {swap.shift.staff.phone, swap.taker.phone}


def change(what: str, swap: ShiftSwap, team, by) -> None:
    center, seen = swap.taker.center, rosters.roster_of(swap.taker.center, FRIDAY).revision
    shift = swap.in_return if "return" in what else swap.shift
    half_day = {"center": center, "day": shift.date, "part": shift.part, "kind": shift.kind}
    match what:
        case "assigned" | "assigned in return":
            rosters.assign(**half_day, people={shift.position: team[0]}, seen=seen, by=by)
        case "moved":
            rosters.move(shift=shift, day=date(2026, 11, 26), part=shift.part, position="main", seen=seen, by=by)
        case "written":
            rosters.write(center=center, month=FRIDAY, turns=[], seen=seen, by=by)
        case "undone":
            rosters.undo(center=center, month=FRIDAY, seen=seen, by=by)
        case "given away":
            swaps.agree(swap=swaps.ask(shift=shift, taker=team[1], by=by), by=by)


@pytest.mark.parametrize("what", ["assigned", "assigned in return", "moved", "written", "undone", "given away"])
def test_when_the_shift_is_gone_the_question_is_over_and_both_are_told(swap, team, manager, what):
    if what == "undone":
        swap.shift.roster.shifts.update(added_in=swap.shift.roster.revision)
    change(what, swap, team, manager)

    assert not is_waiting(swap)
    assert told() == both(swap)


def test_control_another_shift_that_changes_leaves_it_open(swap, team, manager):
    shift = factories.DutyShiftFactory(staff=team[0], date=date(2026, 11, 26))
    rosters.assign(
        center=shift.center,
        day=shift.date,
        part=shift.part,
        kind=shift.kind,
        people={shift.position: team[1]},
        seen=rosters.roster_of(shift.center, FRIDAY).revision,
        by=manager,
    )
    assert is_waiting(swap) and not told()


def test_the_words_name_the_shift_that_changed(swap, team, manager, colleague):
    change("assigned in return", swap, team, manager)

    said = words_of(kind="swap_ended", channel="sms", address=colleague.phone)
    assert "11月30日上午的班改过了，刘晓敏请孙梅顶11月27日上午的事就不算了" in said
    assert len(said) <= 70


def test_it_ends_with_its_day(swap, colleague, time_machine):
    time_machine.move_to("2026-11-28T02:00:00Z")
    assert lapsing.end_past() == 1
    assert lapsing.end_past() == 0

    assert not is_waiting(swap)
    assert told() == both(swap)
    assert "日子过了还没有回话" in words_of(kind="swap_ended", channel="sms", address=colleague.phone)


def test_control_on_its_day_it_can_be_answered(swap, colleague, time_machine):
    time_machine.move_to("2026-11-27T02:00:00Z")
    assert lapsing.end_past() == 0
    assert swaps.agree(swap=swap, by=colleague.user).agreed_at


def test_what_was_over_at_night_can_be_told_in_the_morning(swap, time_machine):
    time_machine.move_to("2026-11-27T16:05:00Z")  # five past midnight in Shanghai
    lapsing.end_past()
    assert Message.objects.filter(kind="swap_ended").first().expires_at > timezone.now() + timedelta(hours=12)


def test_a_shift_in_return_that_is_past_is_not_taken_over(hers, colleague, cadre, time_machine):
    theirs = factories.DutyShiftFactory(staff=colleague, date=date(2026, 11, 26))
    asked = swaps.ask(shift=hers, taker=colleague, in_return=theirs, by=cadre)
    time_machine.move_to("2026-11-27T02:00:00Z")
    with pytest.raises(RuleBroken) as refused:
        swaps.agree(swap=asked, by=colleague.user)
    assert refused.value.code == "past"
    assert lapsing.end_past() == 1


def test_who_changed_the_roster_knows(swap, team, colleague):
    change("assigned", swap, team, colleague.user)
    assert told() == {swap.shift.staff.phone}


@pytest.mark.parametrize("who", ["taker", "asker"])
def test_it_ends_when_one_of_the_two_leaves_before_it(swap, manager, who):
    person = swap.taker if who == "taker" else swap.shift.staff
    person.left_on = FRIDAY
    people.save(person=person, by=manager)

    assert not is_waiting(swap)
    assert told() == both(swap)
    assert f"{person.name}离岗了" in words_of(kind="swap_ended", channel="sms", address=swap.taker.phone)


def test_control_who_leaves_after_it_can_answer(swap, manager, colleague):
    colleague.left_on = MONDAY + timedelta(days=1)
    people.save(person=colleague, by=manager)

    assert is_waiting(swap) and not told()


def test_it_also_ends_however_the_leaving_was_written(swap):
    type(swap.taker).objects.filter(pk=swap.taker_id).update(left_on=FRIDAY)

    assert lapsing.end_past() == 1
    assert told() == both(swap)
