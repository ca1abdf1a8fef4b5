"""Swaps: requested, accepted and recorded; the roster changes in the same transaction."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from centers.duty import leaves, rosters, swaps
from centers.models import DutyShift, Roster, ShiftSwap
from portal.ui.errors import Changed, NotAllowed, RuleBroken
from tests import factories
from tests.centers.duty.conftest import FRIDAY, MONDAY


def active(day=FRIDAY) -> list:
    return [shift.staff for shift in DutyShift.objects.active().filter(date=day)]


def test_nothing_changes_until_the_other_agrees(hers, colleague, cadre):
    swaps.ask(shift=hers, taker=colleague, by=cadre)
    assert active() == [hers.staff]


def test_then_the_shift_is_the_others(hers, colleague, cadre):
    swap = swaps.ask(shift=hers, taker=colleague, by=cadre)
    swaps.agree(swap=swap, by=colleague.user)
    assert active() == [colleague]


def test_one_can_be_given_for_another(hers, colleague, cadre):
    theirs = factories.DutyShiftFactory(staff=colleague, date=MONDAY)
    swap = swaps.ask(shift=hers, taker=colleague, in_return=theirs, by=cadre)
    swaps.agree(swap=swap, by=colleague.user)
    assert (active(), active(MONDAY)) == ([colleague], [hers.staff])


def test_two_of_the_same_half_day_can_be_exchanged(hers, colleague, cadre):
    theirs = factories.DutyShiftFactory(staff=colleague, date=FRIDAY, position=DutyShift.Position.BACKUP)
    swaps.agree(swap=swaps.ask(shift=hers, taker=colleague, in_return=theirs, by=cadre), by=colleague.user)
    now = {shift.position: shift.staff for shift in DutyShift.objects.active()}
    assert now == {"main": colleague, "backup": hers.staff}


def test_one_of_the_next_month_can_come_back(hers, colleague, cadre):
    theirs = factories.DutyShiftFactory(staff=colleague, date=date(2026, 12, 3))
    swaps.agree(swap=swaps.ask(shift=hers, taker=colleague, in_return=theirs, by=cadre), by=colleague.user)
    assert active(date(2026, 12, 3)) == [hers.staff]


def test_who_made_the_revision_is_logged(hers, colleague, cadre):
    swaps.agree(swap=swaps.ask(shift=hers, taker=colleague, by=cadre), by=colleague.user)
    entries = LogEntry.objects.get_for_model(Roster).filter(action=LogEntry.Action.UPDATE, actor=colleague.user)
    now = Roster.objects.get(pk=hers.roster_id).revision
    assert [entry.changes["revision"] for entry in entries] == [[str(now - 1), str(now)]]


def test_agreeing_is_idempotent(hers, colleague, cadre):
    swap = swaps.ask(shift=hers, taker=colleague, by=cadre)
    first = swaps.agree(swap=swap, by=colleague.user)
    assert swaps.agree(swap=swap, by=colleague.user).agreed_at == first.agreed_at


def test_asking_the_same_person_is_idempotent(hers, colleague, cadre):
    assert swaps.ask(shift=hers, taker=colleague, by=cadre) == swaps.ask(shift=hers, taker=colleague, by=cadre)


def test_of_two_who_were_asked_the_second_is_told_that_it_is_gone(hers, colleague, team, cadre, manager):
    one, two = (swaps.ask(shift=hers, taker=person, by=cadre) for person in (colleague, team[1]))
    swaps.agree(swap=one, by=colleague.user)
    with pytest.raises(RuleBroken) as refused:
        swaps.agree(swap=two, by=manager)
    assert refused.value.code == "a_shift_is_given_away_once"
    assert active() == [colleague]


def test_only_who_was_asked_or_the_manager_answers(hers, colleague, cadre, stranger):
    swap = swaps.ask(shift=hers, taker=colleague, by=cadre)
    for somebody in (cadre, stranger):
        with pytest.raises(NotAllowed):
            swaps.agree(swap=swap, by=somebody)


def test_nobody_gives_away_what_is_not_theirs(hers, team, colleague):
    with pytest.raises(NotAllowed):
        swaps.ask(shift=hers, taker=team[1], by=colleague.user)


def test_who_is_away_is_not_asked(hers, colleague, cadre):
    factories.LeaveFactory(staff=colleague, first_date=FRIDAY, agreed=True)
    with pytest.raises(RuleBroken) as refused:
        swaps.ask(shift=hers, taker=colleague, by=cadre)
    assert refused.value.code == "away"


def test_who_has_a_shift_then_cannot_take_another(hers, colleague, cadre):
    factories.DutyShiftFactory(staff=colleague, date=FRIDAY, position=DutyShift.Position.BACKUP)
    swap = swaps.ask(shift=hers, taker=colleague, by=cadre)
    with pytest.raises(RuleBroken) as refused:
        swaps.agree(swap=swap, by=colleague.user)
    assert refused.value.code == "a_person_has_one_shift_a_half_day"
    assert sorted(person.name for person in active()) == sorted([hers.staff.name, colleague.name])


def test_it_is_asked_and_answered_on_the_pages(hers, colleague, cadre, signed_in):
    signed_in(cadre).post(reverse("duty_ask_swap", args=[hers.pk]), {"taker": colleague.pk, "reason": "开会"})
    page = signed_in(colleague.user).get(reverse("duty_mine")).content.decode()
    assert "有人请您顶班" in page
    signed_in(colleague.user).post(reverse("duty_answer_swap", args=[ShiftSwap.objects.get().pk, "agree"]))
    assert active() == [colleague]


def test_a_swap_that_was_taken_back_is_not_answered(hers, colleague, cadre):
    swap = swaps.ask(shift=hers, taker=colleague, by=cadre)
    swaps.withdraw(swap=swap, by=cadre)
    with pytest.raises(Changed):
        swaps.agree(swap=swap, by=colleague.user)


def test_own_shifts_are_subscribed_to_and_the_address_can_be_revoked(hers, cadre, signed_in, client):
    signed_in(cadre).post(reverse("duty_calendar"))
    hers.staff.refresh_from_db()
    address = reverse("duty_ics", args=[hers.staff.calendar_key])
    assert b"BEGIN:VEVENT" in client.get(address).content
    signed_in(cadre).post(reverse("duty_calendar"), {"what": "stop"})
    assert client.get(address).status_code == 404


def test_a_shift_on_leave_is_not_in_the_calendar(hers, cadre, manager, signed_in, client):
    signed_in(cadre).post(reverse("duty_calendar"))
    leave = factories.LeaveFactory(staff=hers.staff, first_date=FRIDAY)
    leaves.agree(leave=leave, by=manager)
    hers.staff.refresh_from_db()
    assert b"BEGIN:VEVENT" not in client.get(reverse("duty_ics", args=[hers.staff.calendar_key])).content


def test_the_roster_counts_a_swap_as_a_change(hers, colleague, cadre):
    before = rosters.roster_of(hers.center, FRIDAY).revision
    swaps.agree(swap=swaps.ask(shift=hers, taker=colleague, by=cadre), by=colleague.user)
    assert rosters.roster_of(hers.center, FRIDAY).revision == before + 1


def test_the_manager_answers_on_the_roster_for_who_has_no_account(hers, team, cadre, manager, signed_in):
    swaps.ask(shift=hers, taker=team[1], by=cadre)
    client = signed_in(manager)
    assert "duty/swaps/" in client.get(reverse("duty")).content.decode()
    page = client.post(reverse("duty_answer_swap", args=[ShiftSwap.objects.get().pk, "agree"]), follow=True)
    assert "换好了" in page.content.decode()
    assert active() == [team[1]]


def test_who_only_works_there_is_offered_no_answer_on_the_roster(hers, team, cadre, signed_in):
    swaps.ask(shift=hers, taker=team[1], by=cadre)
    assert "duty/swaps/" not in signed_in(cadre).get(reverse("duty")).content.decode()
