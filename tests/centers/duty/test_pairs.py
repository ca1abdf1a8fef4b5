"""Each step on a shift, a swap, a leave or a roster behind each other one that is not committed yet."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from centers.days import staffing
from centers.duty import leaves, people, rosters, swaps
from centers.models import DutyShift, Leave, ShiftSwap, Staff
from portal import locking
from portal.invariants import invariants
from portal.ui.errors import RuleBroken
from tests import factories
from tests.behind import all_behind, behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def begin(open_weekdays, team, manager):
    """A function that makes a month of its own: a shift, asked for by two, and leaves of both that it concerns."""
    first = (timezone.localdate().replace(day=28) + timezone.timedelta(days=10)).replace(day=1)

    def begin(number: int) -> dict:
        day = first + timezone.timedelta(days=number)
        shift = factories.DutyShiftFactory(staff=team[2], date=day)
        theirs = factories.DutyShiftFactory(staff=team[3], date=day, part="afternoon")
        span = {"first_date": day, "first_part": "morning", "last_date": day, "last_part": "evening"}
        return {
            "day": day,
            "shift": shift,
            "one": swaps.ask(shift=shift, taker=team[3], in_return=theirs, by=manager),
            "two": swaps.ask(shift=shift, taker=team[1], by=manager),
            "leave of giver": leaves.ask(staff=team[2], **span, by=manager),
            "leave of taker": leaves.ask(staff=team[3], **span, by=manager),
            "seen": rosters.roster_of(open_weekdays, day).revision,
        }

    return begin


@pytest.fixture
def steps(open_weekdays, team, manager, officer):
    center = open_weekdays

    def assign(on: dict):
        half_day = {"day": on["day"], "part": "morning", "kind": "office", "people": {"main": team[0]}}
        return rosters.assign(center=center, **half_day, seen=on["seen"], by=manager)

    def move(on: dict):
        to = {"day": on["day"], "part": "evening", "position": "backup"}
        return rosters.move(shift=on["shift"], **to, seen=on["seen"], by=manager)

    def go(on: dict):
        person = Staff.objects.select_related("center").get(pk=team[3].pk)
        person.left_on = on["day"]
        return people.save(person=person, by=manager)

    return {
        "agree": lambda on: swaps.agree(swap=on["one"], by=manager),
        "agree to the other": lambda on: swaps.agree(swap=on["two"], by=manager),
        "refuse": lambda on: swaps.refuse(swap=on["one"], by=manager),
        "take back": lambda on: swaps.withdraw(swap=on["one"], by=manager),
        "giver away": lambda on: leaves.agree(leave=on["leave of giver"], by=officer),
        "taker away": lambda on: leaves.agree(leave=on["leave of taker"], by=officer),
        "no leave": lambda on: leaves.refuse(leave=on["leave of taker"], refusal="人手不够", by=officer),
        "leave taken back": lambda on: leaves.withdraw(leave=on["leave of taker"], by=manager),
        "assign": assign,
        "move": move,
        "undo": lambda on: rosters.undo(center=center, month=on["day"], seen=on["seen"], by=manager),
        "publish": lambda on: rosters.publish(center=center, month=on["day"], by=manager),
        "leave the staff": go,
    }


STEPS = (
    "agree",
    "agree to the other",
    "refuse",
    "take back",
    "giver away",
    "taker away",
    "no leave",
    "leave taken back",
    "assign",
    "move",
    "undo",
    "publish",
    "leave the staff",
)


def test_each_step_waits_for_each_other_and_is_taken_or_refused_with_a_sentence(begin, steps, team):
    for number, first in enumerate(STEPS):
        Staff.objects.update(left_on=None)
        on = begin(number)
        done, answers = all_behind(partial(steps[first], on), [partial(steps[name], on) for name in STEPS])

        assert not isinstance(done, Exception), f"{first}: {done!r}"
        for name, answer in zip(STEPS, answers, strict=True):
            assert not isinstance(answer, Exception) or isinstance(answer, RuleBroken), f"{name}/{first}: {answer!r}"
        mornings = DutyShift.objects.active().filter(date=on["day"], part="morning", position="main")
        assert mornings.count() <= 1
        assert ShiftSwap.objects.filter(shift=on["shift"], agreed_at__isnull=False).count() <= 1
    assert not [sentence for sentence, rows in invariants(timezone.now()) if rows.exists()]


@pytest.mark.parametrize("who", ["taker away", "giver away"])
def test_a_shift_is_not_agreed_to_who_is_given_leave_at_this_moment(who, begin, steps):
    on = begin(0)

    done, answer = behind(partial(steps[who], on), partial(steps["agree"], on))

    assert isinstance(done, Leave) and answer.code == "away"
    assert ShiftSwap.objects.waiting().filter(pk=on["one"].pk).exists()


def test_who_has_just_taken_a_shift_over_may_still_be_given_leave(begin, steps, team):
    on = begin(0)

    done, answer = behind(partial(steps["agree"], on), partial(steps["taker away"], on))

    assert isinstance(done, ShiftSwap) and isinstance(answer, Leave)
    assert not staffing.coverage([team[3].center], on["day"], on["day"]).people(team[3].center_id, on["day"], "morning")


def test_control_without_the_lock_on_the_person_who_is_away_gets_the_shift(begin, steps, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite a transaction is a lock by itself")
    monkeypatch.setattr(locking, "lock", without(Staff, locking.lock))
    on = begin(0)

    done, answer = behind(partial(steps["taker away"], on), partial(steps["agree"], on))

    assert isinstance(done, Leave) and isinstance(answer, ShiftSwap)


def without(model: type, lock: Callable) -> Callable:
    return lambda locked, pks, **how: None if locked is model else lock(locked, pks, **how)
