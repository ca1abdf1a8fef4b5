"""Roster proposals from opening hours, calendar, leave and history."""

from datetime import date

import pytest
from django.utils import timezone

from appointments.models import Slot
from appointments.slots import making
from centers.duty import board as duty_board
from centers.duty import layouts, rosters
from centers.models import DutyShift
from tests import factories

FEBRUARY = date(2026, 2, 1)


@pytest.fixture
def january(time_machine, open_weekdays, team):
    time_machine.move_to("2026-01-20T02:00:00Z", tick=True)


def propose(center, month=FEBRUARY, how=layouts.FILL):
    return layouts.propose(center, month, how).turns


def of_day(turns, day: int, month=FEBRUARY) -> set:
    return {(turn.kind, turn.part, turn.position) for turn in turns if turn.date == month.replace(day=day)}


def test_all_of_spring_festival_2026_is_on_call(january, center):
    turns = propose(center)
    kinds = {kind for day in range(15, 24) for kind, _part, _position in of_day(turns, day)}
    assert kinds == {"on_call"}


@pytest.mark.parametrize("day", [14, 28])
def test_make_up_saturdays_are_worked_as_a_monday(january, center, day):
    assert {(kind, part) for kind, part, _position in of_day(propose(center), day)} == {
        ("office", "morning"),
        ("office", "afternoon"),
    }


def test_a_make_up_saturday_is_bookable(january, center, manager):
    layouts.apply(center=center, month=FEBRUARY, how=layouts.FILL, seen=0, by=manager)
    rosters.publish(center=center, month=FEBRUARY, by=manager)
    making.make_ahead()
    assert {timezone.localdate(slot.starts_at).day for slot in Slot.objects.open().filter(starts_at__month=2)} & {
        13,
        14,
        15,
    } == {13, 14}


def test_holidays_of_the_year_before_are_counted(january, center, team, manager):
    """Three of the four had New Year's days, so the first day of Spring Festival is the fourth's."""
    for day, person in ((1, team[0]), (2, team[1]), (3, team[2])):
        factories.DutyShiftFactory(staff=person, date=date(2026, 1, day), kind="on_call")
    first = [turn.person for turn in propose(center) if turn.date == date(2026, 2, 15) and turn.position == "main"]
    assert set(first) == {team[3].pk}


def test_who_came_lately_does_not_get_every_holiday(january, center, team):
    for number in range(8):
        factories.DutyShiftFactory(staff=team[number % 4], date=date(2025, 10, 1 + number), kind="on_call")
    new = factories.StaffFactory(center=center, joined_on=date(2026, 1, 10))
    had = {
        turn.date
        for turn in propose(center)
        if turn.person == new.pk and turn.kind == "on_call" and turn.position == "main"
    }
    holidays = {day for day in had if 15 <= day.day <= 23}
    assert len(holidays) <= 2


def test_who_is_on_leave_is_passed_over(january, center, team):
    factories.LeaveFactory(staff=team[2], first_date=FEBRUARY, last_date=date(2026, 2, 28), agreed=True)
    assert team[2].pk not in {turn.person for turn in propose(center)}


def test_who_does_not_take_turns_is_passed_over(january, center, team):
    team[2].takes_turns = False
    team[2].save()
    assert team[2].pk not in {turn.person for turn in propose(center)}


def test_filling_leaves_what_was_arranged_by_hand(january, center, team):
    mine = factories.DutyShiftFactory(staff=team[3], date=date(2026, 2, 2), roster__published=False)
    assert rosters.as_turn(mine) in propose(center)


def test_starting_afresh_does_not(january, center, team):
    for part in ("morning", "afternoon"):
        factories.DutyShiftFactory(staff=team[3], date=date(2026, 2, 2), part=part, roster__published=False)
    mains = [turn.person for turn in propose(center, how=layouts.FRESH) if turn.position == "main"]
    assert mains[:2] != [team[3].pk] * 2


def test_last_month_is_copied_by_weekday(january, center, team):
    """5 January 2026 is a Monday; four weeks later is 2 February."""
    factories.DutyShiftFactory(staff=team[3], date=date(2026, 1, 5))
    copied = propose(center, how=layouts.COPY)
    assert [(turn.date, turn.person) for turn in copied] == [(date(2026, 2, 2), team[3].pk)]


def test_copying_does_not_fill_a_holiday_with_office_duty(january, center, team):
    """16 February is in Spring Festival; 19 January is an ordinary Monday."""
    factories.DutyShiftFactory(staff=team[3], date=date(2026, 1, 19))
    assert propose(center, how=layouts.COPY) == []


def test_copying_is_idempotent(january, center, team, manager):
    factories.DutyShiftFactory(staff=team[3], date=date(2026, 1, 5))
    seen = 0
    for _tap in range(2):
        layouts.apply(center=center, month=FEBRUARY, how=layouts.COPY, seen=seen, by=manager)
    assert DutyShift.objects.active().filter(date__gte=FEBRUARY).count() == 1


def test_who_has_left_is_not_copied(january, center, team):
    factories.DutyShiftFactory(staff=team[3], date=date(2026, 1, 5))
    team[3].left_on = date(2026, 1, 15)
    team[3].save()
    assert propose(center, how=layouts.COPY) == []


def warned(center, month=FEBRUARY) -> list[str]:
    sheet = layouts.month_plan_of(center, month)
    return duty_board.warning_sentences(sheet, layouts.warnings_of(sheet))


def test_a_half_day_without_anybody_is_pointed_out(january, center):
    assert "2月2日 周一上午没有人主班或副班。" in warned(center)


def test_so_is_somebody_on_leave_who_is_still_on_the_roster(january, center, team):
    factories.DutyShiftFactory(staff=team[3], date=date(2026, 2, 2))
    factories.LeaveFactory(staff=team[3], first_date=date(2026, 2, 2), agreed=True)
    assert "孙梅2月2日 周一上午请了假，班还排着。" in warned(center)


def test_so_is_somebody_in_two_places(january, center, team, cadre):
    team[3].user = cadre
    team[3].save()
    factories.DutyShiftFactory(staff=team[3], date=date(2026, 2, 2))
    factories.DutyShiftFactory(staff__user=cadre, date=date(2026, 2, 2))
    assert "孙梅2月2日 周一上午在另一个中心也有班。" in warned(center)


def test_so_is_a_week_that_is_too_full(january, center, team, settings):
    settings.DUTY_HALF_DAYS_A_WEEK = 1
    for part in ("morning", "afternoon"):
        factories.DutyShiftFactory(staff=team[3], date=date(2026, 2, 2), part=part)
    assert "孙梅从2月2日 周一起的这一周排了2个半天，太多了。" in warned(center)


def test_so_is_an_uneven_share_of_holidays(january, center, team):
    for day in range(15, 20):
        factories.DutyShiftFactory(staff=team[3], date=date(2026, 2, day), kind="on_call")
    assert "孙梅今年节假日值班已经5天，比大家多出不少。" in warned(center)
