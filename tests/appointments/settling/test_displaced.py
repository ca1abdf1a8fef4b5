"""Whatever closes a time displaces who is booked then; each way is followed at once, in the causing transaction."""

import pytest

from appointments.booking import services as booking
from appointments.booking.displaced import displaced, with_reasons
from appointments.catalog import services as catalog
from appointments.models import Slot
from appointments.settling import services as settling
from appointments.slots import agents
from centers.days.keeping import keep
from centers.duty import leaves
from centers.models import CalendarDay, Center, OpeningRule
from centers.services import calendar, closures
from portal.ui.errors import RuleBroken
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def reasons() -> list[str]:
    return [one.why for one in with_reasons(displaced().order_by("pk"))]


def test_nobody_is_where_the_time_is_open(booked):
    assert reasons() == []


def test_by_a_closure(closed):
    assert reasons() == ["农忙"]


def test_not_by_one_that_is_only_asked_for(closure, booked):
    assert reasons() == []


def test_nor_by_one_that_is_taken_back(closed, manager):
    closures.withdraw(closure=closed, by=manager)
    assert reasons() == []


def test_by_a_rule_that_is_deleted(booked):
    OpeningRule.objects.get(weekday=at(3, 9).weekday()).delete()
    assert reasons() == ["不开门"]


def test_by_a_rule_that_ends_earlier(booked):
    rule = OpeningRule.objects.get(weekday=at(3, 9).weekday())
    rule.closes = at(3, 9).time()
    rule.save()
    assert reasons() == ["不开门"]


def test_by_a_holiday(booked, django_capture_on_commit_callbacks):
    day = CalendarDay.objects.create(date=at(3, 9).date(), kind="holiday", name="演示节")
    with django_capture_on_commit_callbacks(execute=True):
        calendar.follow([day.date])
    assert reasons() == ["演示节"]


def test_by_a_leave_after_which_nobody_is_on_duty(open_daily, booked, manager):
    person = factories.StaffFactory(center=open_daily)
    factories.DutyShiftFactory(staff=person, date=at(3, 9).date())
    keep([open_daily])
    assert reasons() == []

    leave = factories.LeaveFactory(staff=person, first_date=at(3, 9).date(), last_date=at(3, 9).date())
    leaves.agree(leave=leave, by=manager)

    assert reasons() == ["没有人值班"]


def test_where_nobody_on_duty_handles_the_item(open_daily, booked, manager):
    there, elsewhere = factories.StaffFactory.create_batch(2, center=open_daily)
    factories.DutyShiftFactory(staff=there, date=at(3, 9).date())
    keep([open_daily])

    agents.name_agents(center=open_daily, item_code=booked.item.code, first=[elsewhere], backup=[], by=manager)

    assert reasons() == ["没有人办这件事"]


def test_by_an_item_that_is_no_longer_offered(booked, officer):
    catalog.end(item=booked.item, by=officer)
    assert reasons() == ["这里不再办这件事"]


def test_not_by_a_new_version_of_it(booked, officer):
    catalog.revise(item=booked.item, by=officer, minutes=30, summary="新的说明")
    assert reasons() == []


def test_by_a_center_that_no_longer_serves_the_public(booked):
    center = Center.objects.get(pk=booked.center_id)
    center.is_active = False
    center.save()
    assert reasons() == ["暂停对外服务"]


def test_until_it_is_cancelled(closed, booked):
    booking.cancel(appointment=booked, by_center=True)
    assert reasons() == []


def test_until_it_is_moved(closed, booked):
    booking.move(appointment=booked, slot=Slot.objects.get(starts_at=at(4, 9)))
    assert reasons() == []


def test_until_it_is_kept_on_purpose_for_that_time(closed, booked, cadre):
    settling.keep(appointment=booked, how="home", by=cadre)
    assert reasons() == []

    kept = booked.kept.get()
    settling.put_back(kept=kept, by=cadre)
    assert reasons() == ["农忙"]


def test_what_is_not_displaced_is_not_kept(booked, cadre):
    with pytest.raises(RuleBroken) as refused:
        settling.keep(appointment=booked, how="home", by=cadre)
    assert refused.value.code == "not_displaced"


def test_who_is_there_already_is_not(booked, closure, officer, time_machine, cadre):
    time_machine.move_to(at(3, 9))
    from appointments.desk import attendance

    attendance.arrive(appointment=booked, by=cadre)
    closures.approve(closure=closure, by=officer)
    assert reasons() == []
