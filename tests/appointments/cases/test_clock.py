"""The clocks: a stage has its own, pauses and departments stop the promise, and unknown holidays settle later."""

from datetime import date

import pytest

from appointments.cases import services as cases
from appointments.cases.models.case import overdue
from appointments.models import Case, CaseStage
from centers.models import CalendarDay
from centers.services import calendar
from portal.ui.errors import RuleBroken
from tests.appointments.cases.carrying import now, open_case, seen

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def on(time_machine):
    """`on(date)`: ten in the morning of that day."""
    calendar.fill(date(2026, 1, 1), date(2027, 12, 31))

    def move(month: int, day: int) -> None:
        time_machine.move_to(f"2026-{month:02d}-{day:02d} 10:00 +0800", tick=False)

    move(3, 2)
    return move


@pytest.fixture
def running(on, center, proxy_item, resident, cadre):
    """Accepted on Monday 2 March 2026, promised in ten workdays."""
    return open_case(center, proxy_item, resident, cadre)


def test_the_promise_and_the_law_are_counted_from_the_acceptance(running):
    assert (running.promised_on, running.statutory_on) == (date(2026, 3, 16), date(2026, 4, 14))


def test_the_village_has_three_workdays(running):
    assert (running.stage.limit_on, running.stage.limit_days) == (date(2026, 3, 5), 3)


def test_the_township_has_what_is_left_of_the_promise(running, on, cadre):
    on(3, 4)
    cases.forward(case=running, seen=seen(running), by=cadre)
    stage = now(running).stage
    assert (stage.limit_on, stage.limit_days) == (date(2026, 3, 16), 8)
    assert CaseStage.objects.get(number=1).used_days == 2


def test_a_department_stops_the_clocks_of_village_and_township(running, on, cadre, officer):
    cases.forward(case=running, seen=seen(running), by=cadre)
    on(3, 4)
    cases.send_to_department(case=running, seen=seen(running), by=officer, office="县民政局")
    on(3, 30)
    assert not Case.objects.filter(overdue(date(2026, 3, 30))).exists()
    cases.return_from_department(case=running, seen=seen(running), by=officer)
    # Two of ten workdays were used before; eight are left.
    assert (now(running).promised_on, now(running).stopped_on) == (date(2026, 4, 10), None)
    assert now(running).statutory_on == date(2026, 4, 14)
    assert CaseStage.objects.get(level="department").used_days == 18


def test_a_pause_moves_the_promise_the_law_and_the_stage(running, on, cadre):
    on(3, 3)
    cases.pause(case=running, seen=seen(running), by=cadre, reason="publicity", evidence="公示第3号")
    on(3, 10)
    cases.resume(case=running, seen=seen(running), by=cadre)
    case = now(running)
    assert (case.promised_on, case.statutory_on) == (date(2026, 3, 23), date(2026, 4, 21))
    assert (case.stage.limit_on, case.stage.stopped_days) == (date(2026, 3, 12), 5)


def test_paused_days_are_not_used_days(running, on, cadre):
    on(3, 3)
    cases.pause(case=running, seen=seen(running), by=cadre, reason="publicity", evidence="公示第3号")
    on(3, 10)
    cases.resume(case=running, seen=seen(running), by=cadre)
    on(3, 11)
    cases.forward(case=running, seen=seen(running), by=cadre)
    assert CaseStage.objects.get(number=1).used_days == 2


@pytest.mark.parametrize(("reason", "evidence"), [("publicity", ""), ("publicity", "  "), ("", "公示第3号")])
def test_without_a_reason_and_evidence_there_is_no_pause(running, cadre, reason, evidence):
    with pytest.raises(RuleBroken):
        cases.pause(case=running, seen=seen(running), by=cadre, reason=reason, evidence=evidence)
    assert now(running).stopped_on is None


def test_a_paused_case_does_not_move_on(running, cadre):
    cases.pause(case=running, seen=seen(running), by=cadre, reason="publicity", evidence="公示第3号")
    with pytest.raises(RuleBroken) as refusal:
        cases.forward(case=running, seen=seen(running), by=cadre)
    assert refusal.value.code == "stopped"


def test_a_case_is_paused_once_and_resumed_once(running, cadre):
    cases.pause(case=running, seen=seen(running), by=cadre, reason="publicity", evidence="公示第3号")
    with pytest.raises(RuleBroken):
        cases.pause(case=running, seen=seen(running), by=cadre, reason="hearing", evidence="听证通知")
    cases.resume(case=running, seen=seen(running), by=cadre)
    with pytest.raises(RuleBroken) as refusal:
        cases.resume(case=running, seen=seen(running), by=cadre)
    assert refusal.value.code == "not_stopped"


def test_a_case_that_was_late_before_the_pause_stays_late(running, on, cadre):
    on(3, 18)
    cases.pause(case=running, seen=seen(running), by=cadre, reason="publicity", evidence="公示第3号")
    assert Case.objects.filter(overdue(date(2026, 3, 30))).exists()


def test_over_the_unknown_new_year_the_date_is_marked_and_settles_when_it_is_published(
    on, center, proxy_item, resident, cadre
):
    on(12, 24)
    case = open_case(center, proxy_item, resident, cadre)
    assert (case.promised_on, case.is_provisional) == (date(2027, 1, 8), True)  # New Year's Day is off in any case
    assert cases.settle_dates() == 0

    # The notice comes out: the Monday after it is off as well.
    CalendarDay.objects.filter(date__year=2027).update(is_pending=False)
    CalendarDay.objects.filter(date=date(2027, 1, 4)).update(kind="holiday")
    assert cases.settle_dates() == 1
    case = now(case)
    assert (case.promised_on, case.is_provisional) == (date(2027, 1, 11), False)


def test_settling_keeps_the_time_that_a_department_had_it(on, center, proxy_item, resident, cadre):
    on(12, 24)
    case = open_case(center, proxy_item, resident, cadre)
    on(12, 25)
    cases.send_to_department(case=case, seen=seen(case), by=cadre, office="派出所")
    on(12, 28)
    cases.return_from_department(case=case, seen=seen(case), by=cadre)
    before = now(case).promised_on
    CalendarDay.objects.filter(date__year=2027).update(is_pending=False)
    cases.settle_dates()
    assert now(case).promised_on == before == date(2027, 1, 11)


def test_a_case_done_at_once_is_due_on_the_day(on, center, item, resident, cadre):
    assert open_case(center, item, resident, cadre).promised_on == MONDAY


def test_settling_moves_the_limit_of_the_village_too(on, center, proxy_item, resident, cadre):
    on(12, 30)
    case = open_case(center, proxy_item, resident, cadre)
    assert case.stage.limit_on == date(2027, 1, 5)  # 31 December, Monday, Tuesday
    CalendarDay.objects.filter(date__year=2027).update(is_pending=False)
    CalendarDay.objects.filter(date=date(2027, 1, 4)).update(kind="holiday")
    cases.settle()
    assert now(case).stage.limit_on == date(2027, 1, 6)
