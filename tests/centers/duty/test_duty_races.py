"""Races in duty, each with a control that shows the race without the guard."""

from datetime import date
from threading import Barrier

import pytest
from django.db import transaction
from django.utils import timezone

from appointments.models import Slot
from centers.days import computing
from centers.days.staffing import Coverage
from centers.duty import layouts, leaves, rosters, swaps
from centers.duty.rota import Turn
from centers.models import DutyShift, Leave, Roster, ShiftSwap
from portal.ui.errors import Changed, RuleBroken
from tests import factories
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

DECEMBER = date(2026, 12, 1)


@pytest.fixture
def two_leaders(village):
    return [factories.MembershipFactory(division=village, role="manager").user for _one in range(2)]


@pytest.fixture
def soon(open_weekdays, team):
    """A month ahead of the real clock: threads do not share a frozen one."""
    return (timezone.localdate().replace(day=28) + timezone.timedelta(days=10)).replace(day=1)


def test_of_two_who_lay_out_the_same_month_one_is_told(center, two_leaders, soon):
    answers = together(
        lambda by: layouts.apply(center=center, month=soon, how=layouts.FRESH, seen=0, by=by), two_leaders
    )
    written = [answer for answer in answers if isinstance(answer, int) and answer]
    assert len(written) == 1
    assert DutyShift.objects.active().count() == written[0]
    assert all(isinstance(answer, int | Changed) for answer in answers)


def test_control_without_the_number_two_layouts_mix(center, team, soon, two_leaders):
    """Both read the empty month and write their own layout: the result is a mix of both."""
    roster, both_have_looked = rosters.roster_of(center, soon), Barrier(2, timeout=60)

    def careless(parts) -> None:
        held = set(roster.shifts.active())
        both_have_looked.wait()
        if not held:
            turns = [Turn(soon, part, "office", "main", team[place].pk) for place, part in parts]
            rosters._add(roster, turns, 1)

    together(careless, [[(0, "morning")], [(1, "afternoon")]])
    assert set(roster.shifts.values_list("staff", flat=True)) == {team[0].pk, team[1].pk}


def test_a_shift_that_was_offered_to_two_goes_to_one(center, team, manager, soon):
    shift = factories.DutyShiftFactory(staff=team[2], date=soon)
    asked = [swaps.ask(shift=shift, taker=taker, by=manager) for taker in (team[1], team[3])]
    answers = together(lambda swap: swaps.agree(swap=swap, by=manager), asked)
    assert sum(isinstance(answer, ShiftSwap) for answer in answers) == 1
    assert sum(isinstance(answer, RuleBroken) for answer in answers) == 1
    assert DutyShift.objects.active().filter(date=soon).count() == 1


def test_who_agrees_while_the_roster_is_changed_gets_it_or_is_told(center, team, manager, soon):
    """Both lock the roster before the swap; the other way round they would wait for each other."""
    for day in (soon + timezone.timedelta(days=number) for number in range(4)):
        shift = factories.DutyShiftFactory(staff=team[2], date=day)
        swap = swaps.ask(shift=shift, taker=team[1], by=manager)
        half_day = {"center": center, "day": day, "part": shift.part, "kind": shift.kind}
        steps = [
            lambda swap=swap: swaps.agree(swap=swap, by=manager),
            lambda half_day=half_day, seen=rosters.roster_of(center, day).revision: rosters.assign(
                **half_day, people={"main": team[3]}, seen=seen, by=manager
            ),
        ]
        answers = together(lambda step: step(), steps)
        assert all(isinstance(answer, ShiftSwap | Roster | RuleBroken) for answer in answers), answers
        assert sum(not isinstance(answer, RuleBroken) for answer in answers) == 1
        assert not ShiftSwap.objects.waiting().exists()


def test_control_looking_first_gives_it_to_both(center, team, manager, soon):
    shift, both_have_looked = factories.DutyShiftFactory(staff=team[2], date=soon), Barrier(2, timeout=60)

    def careless(taker) -> None:
        looked = DutyShift.objects.get(pk=shift.pk)
        both_have_looked.wait()
        if looked.removed_in is None:
            DutyShift.objects.filter(pk=shift.pk).update(removed_in=1)
            position = {team[1].pk: "main", team[3].pk: "backup"}[taker.pk]
            factories.DutyShiftFactory(staff=taker, date=soon, position=position)

    together(careless, [team[1], team[3]])
    assert DutyShift.objects.active().filter(date=soon).count() == 2


@pytest.fixture
def covered_by_two(center, team, settings):
    """Main and backup of the next open morning, and a leave that each has asked for."""
    day = next(slots_day(center))
    leaves_ = []
    for person, position in ((team[2], "main"), (team[3], "backup")):
        factories.DutyShiftFactory(staff=person, date=day, position=position)
        leaves_.append(factories.LeaveFactory(staff=person, first_date=day, first_part="morning", last_part="evening"))
    factories.arrange(center)
    return day, leaves_


def slots_day(center):
    today = timezone.localdate()
    for number in range(2, 12):
        day = today + timezone.timedelta(days=number)
        if day.weekday() < 5:
            yield day


def test_when_both_leaves_are_agreed_at_once_the_desk_closes(open_weekdays, covered_by_two, manager):
    for _round in range(5):
        Leave.objects.update(agreed_at=None, agreed_by=None)
        factories.arrange(open_weekdays)
        answers = together(lambda leave: leaves.agree(leave=leave, by=manager), covered_by_two[1])
        assert all(isinstance(answer, Leave) for answer in answers)
        assert not Slot.objects.open().filter(center=open_weekdays, starts_at__date=covered_by_two[0]).exists()


def test_control_when_each_sees_the_other_still_there_the_desk_stays_open(
    open_weekdays, covered_by_two, manager, monkeypatch
):
    """Without the lock each transaction sees its own leave and not the other's (snapshot isolation)."""
    day, asked = covered_by_two
    for leave in asked:
        other = next(one for one in asked if one != leave)
        seen = Coverage({(open_weekdays.pk, day)}, {(open_weekdays.pk, day, "morning"): {other.staff_id}})
        monkeypatch.setattr(computing, "coverage", lambda *_days, seen=seen: seen)
        leaves.agree(leave=leave, by=manager)
    assert Slot.objects.open().filter(center=open_weekdays, starts_at__date=day).exists()


def test_a_change_that_fails_leaves_nothing_behind(center, team, manager, soon):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), rosters.new_revision(center, soon, 0, manager):
        raise ZeroDivisionError
    assert rosters.roster_of(center, soon).revision == 0
