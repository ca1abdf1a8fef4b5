"""Duty limits capacity: a time is open only where somebody is on duty for the item or as its backup."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Slot, SlotGap
from appointments.slots import agents, availability, capacity, unstaffed
from centers.duty import leaves, people, rosters
from centers.models import CenterDay, DutyShift
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

FRIDAY = date(2026, 11, 27)


@pytest.fixture
def friday(open_weekdays, december):
    """Open in the morning and in the afternoon, and with slots."""
    factories.arrange(open_weekdays)
    Slot.objects.exclude(starts_at__date=FRIDAY).delete()
    return FRIDAY


def shift(person, part="morning", **more):
    made = factories.DutyShiftFactory(staff=person, date=FRIDAY, part=part, **more)
    factories.arrange(person.center)
    return made


def remake(center) -> None:
    factories.arrange(center)


def open_parts(center) -> set[str]:
    hours = {timezone.localtime(slot.starts_at).hour for slot in Slot.objects.open().filter(center=center)}
    return {"morning" if hour < 12 else "afternoon" for hour in hours}


def test_without_a_roster_the_hours_stay_as_they_are(friday, center):
    assert open_parts(center) == {"morning", "afternoon"}


def test_a_half_day_without_anybody_takes_no_bookings(friday, center, team):
    shift(team[2])
    remake(center)
    assert open_parts(center) == {"morning"}


def test_a_draft_closes_nothing(friday, center, team):
    shift(team[2], roster__published=False)
    remake(center)
    assert open_parts(center) == {"morning", "afternoon"}


def test_the_leader_alone_does_not_open_the_desk(friday, center, team):
    shift(team[0], position=DutyShift.Position.LEADER)
    remake(center)
    assert open_parts(center) == set()


def test_a_leave_closes_what_nobody_covers_at_once(friday, center, team, manager):
    shift(team[2])
    leave = ask(team[2], manager)
    leaves.agree(leave=leave, by=manager)
    assert open_parts(center) == set()


def test_the_backup_keeps_the_desk_open(friday, center, team, manager):
    shift(team[2])
    shift(team[3], position=DutyShift.Position.BACKUP)
    leaves.agree(leave=ask(team[2], manager), by=manager)
    assert open_parts(center) == {"morning"}


def test_a_leave_that_is_taken_back_opens_it_again(friday, center, team, manager):
    shift(team[2])
    leave = ask(team[2], manager)
    leaves.agree(leave=leave, by=manager)
    leaves.withdraw(leave=leave, by=manager)
    assert open_parts(center) == {"morning"}


def test_a_change_of_the_roster_is_followed_in_the_same_moment(friday, center, team, manager):
    shift(team[2])
    roster = rosters.roster_of(center, FRIDAY)
    rosters.assign(
        center=center,
        day=FRIDAY,
        part="afternoon",
        kind="office",
        people={"main": team[3]},
        seen=roster.revision,
        by=manager,
    )
    assert open_parts(center) == {"morning", "afternoon"}


def test_who_has_left_does_not_keep_the_desk(friday, center, team, manager):
    shift(team[2])
    team[2].left_on = FRIDAY
    people.save(person=team[2], by=manager)
    remake(center)
    assert open_parts(center) == {"morning", "afternoon"}  # no roster is left: opening hours apply again


def test_what_is_booked_stands_when_somebody_is_away(friday, center, team, manager, item, resident):
    shift(team[2])
    booked = book(Slot.objects.open().first(), item, resident)
    leaves.agree(leave=ask(team[2], manager), by=manager)
    booked.refresh_from_db()
    assert booked.status.value == "booked"


def test_an_item_that_nobody_on_duty_handles_is_left_out(friday, center, team, manager, item):
    shift(team[2])
    agents.name_agents(center=center, item_code=item.code, first=[team[3]], backup=[], by=manager)
    assert availability.starts_on(center, item, FRIDAY) == []
    assert SlotGap.objects.exists()


def test_its_backup_on_duty_is_enough(friday, center, team, manager, item):
    shift(team[2])
    agents.name_agents(center=center, item_code=item.code, first=[team[3]], backup=[team[2]], by=manager)
    assert availability.starts_on(center, item, FRIDAY)


def test_other_items_are_offered_all_the_same(friday, center, team, manager, item, county):
    shift(team[2])
    agents.name_agents(center=center, item_code=item.code, first=[team[3]], backup=[], by=manager)
    other = factories.ServiceItemFactory(division=county, code="yibao-canbao")
    assert availability.starts_on(center, other, FRIDAY)


def test_naming_nobody_makes_it_everybodys_again(friday, center, team, manager, item):
    shift(team[2])
    agents.name_agents(center=center, item_code=item.code, first=[team[3]], backup=[], by=manager)
    agents.name_agents(center=center, item_code=item.code, first=[], backup=[], by=manager)
    assert availability.starts_on(center, item, FRIDAY)


def test_the_same_names_again_change_nothing(friday, center, team, manager, item):
    agents.name_agents(center=center, item_code=item.code, first=[team[3]], backup=[], by=manager)
    assert agents.name_agents(center=center, item_code=item.code, first=[team[3]], backup=[], by=manager) == 0


def test_somebody_of_another_center_handles_nothing_here(center, team, manager, item):
    with pytest.raises(RuleBroken) as refused:
        agents.name_agents(center=center, item_code=item.code, first=[factories.StaffFactory()], backup=[], by=manager)
    assert refused.value.code == "not_here"


def test_a_stale_page_cannot_book_it(friday, center, team, item, resident):
    slot = Slot.objects.open().first()
    factories.SlotGapFactory(slot=slot, item_code=item.code)
    with pytest.raises(RuleBroken) as refused:
        book(slot, item, resident)
    assert refused.value.code == "nobody_for_item"


def test_the_place_itself_is_not_taken_where_nobody_handles_the_item(friday, center, item, resident, monkeypatch):
    """The roster may change after the page was read: the claim itself checks."""
    with_gap, without = Slot.objects.open()[:2]
    factories.SlotGapFactory(slot=with_gap, item_code=item.code)
    monkeypatch.setattr(unstaffed, "check", lambda slots, code: None)
    with pytest.raises(capacity.SlotFull):
        book(with_gap, item, resident)
    book(without, item, resident)
    taken = Slot.objects.in_bulk([with_gap.pk, without.pk])
    assert (taken[with_gap.pk].online_taken, taken[without.pk].online_taken) == (0, 1)


def test_nor_can_an_item_that_runs_into_such_a_time(friday, center, item, resident, county):
    long = factories.ServiceItemFactory(division=county, code="zhaijidi", minutes=60)
    first, second = Slot.objects.open()[:2]
    factories.SlotGapFactory(slot=second, item_code=long.code)
    with pytest.raises(RuleBroken) as refused:
        book(first, long, resident)
    assert refused.value.code == "nobody_for_item"


def test_nor_can_it_be_moved_there(friday, center, item, resident):
    first, second = Slot.objects.open()[:2]
    booked = book(first, item, resident)
    factories.SlotGapFactory(slot=second, item_code=item.code)
    with pytest.raises(RuleBroken):
        booking.move(appointment=booked, slot=second)
    booked.refresh_from_db()
    assert booked.starts_at == first.starts_at


def test_the_booking_page_still_asks_once(center, item, django_assert_num_queries):
    for day in range(1, 8):
        slot = factories.SlotFactory(center=center, starts_at=at(day, 9))
        factories.SlotGapFactory(slot=slot, item_code="another")
    with django_assert_num_queries(1):
        assert len(availability.by_day(center, item, timezone.localdate(), 14).starts) == 14


def ask(person, by):
    return leaves.ask(
        staff=person, first_date=FRIDAY, first_part="morning", last_date=FRIDAY, last_part="evening", by=by
    )


def test_days_that_cannot_be_booked_yet_are_left_for_later(open_weekdays, december, center, settings):
    far = timezone.localdate() + timedelta(days=settings.BOOKING_HORIZON_DAYS + 5)
    factories.arrange(center)
    assert CenterDay.objects.filter(center=center, date__gt=far).exists()
    assert not Slot.objects.filter(starts_at__date__gte=far).exists()
