"""What happened is judged by the rule of its own day, and rows are forgotten by that of their own county."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.booking import reminders
from appointments.cases.services.closing import can_be_reopened
from centers.models import Leave, RuleChange
from centers.rules import reading
from portal import retention
from portal.accounts.roles import Role
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at
from tests.rules import set_rule

pytestmark = pytest.mark.django_db


def days_ago(number: int):
    return timezone.localdate() - timedelta(days=number)


def backdated(change: RuleChange, number: int) -> None:
    RuleChange.objects.filter(pk=change.pk).update(valid_from=days_ago(number))
    reading.keep(reading._read(), float("inf"))


def test_a_case_that_was_closed_before_the_change_keeps_its_days(county, center, item):
    case = factories.CaseFactory(center=center, item=item, done=True, closed_at=at(-5, 9))
    newer = factories.CaseFactory(center=center, item=item, done=True, closed_at=at(-2, 9))
    backdated(set_rule("CASE_REOPEN_DAYS", 1, county), 3)

    assert can_be_reopened(case) and not can_be_reopened(newer)


def test_a_cancellation_is_late_by_the_rule_of_its_day(county, center, item):
    booked = factories.AppointmentFactory(center=center, item=item, starts_at=at(3, 12))
    set_rule("BOOKING_CANCEL_CUTOFF_MINUTES", 480, county, days_ago(-3))

    assert booked.is_past_cutoff(at(3, 9))
    RuleChange.objects.all().delete()
    reading.keep({}, float("inf"))
    assert not booked.is_past_cutoff(at(3, 9))


def test_each_county_is_reminded_and_forgotten_by_its_own_rules(county, center, item):
    next_county = factories.DivisionFactory(code="990102000000", level=3)
    elsewhere = factories.CenterFactory(division=factories.DivisionFactory(code="990102100201", level=5))
    old = [factories.AppointmentFactory(center=one, item=item, starts_at=at(-60, 9)) for one in (center, elsewhere)]
    slots = [factories.SlotFactory(center=one, starts_at=at(3, 12)) for one in (center, elsewhere)]
    items = [item, factories.ServiceItemFactory(division=next_county)]
    ahead = [book(slot, one, factories.ResidentFactory(phone="")) for slot, one in zip(slots, items, strict=True)]
    set_rule("RETENTION_BOOKINGS_DAYS", 30, county)
    set_rule("REMINDERS", [60], next_county)
    past = retention.overdue(timezone.now(), "bookings", "starts_at", "center__division__code")

    assert list(type(old[0]).objects.filter(past)) == [old[0]]
    assert [len(reminders.ahead_of(one, at(0, 0))) for one in ahead] == [2, 1]
    assert {one.pk for one in reminders.unplanned(at(3, 11, 30), since=at(3, 10, 30))} == {ahead[1].pk}


def test_a_long_leave_is_the_townships_by_the_countys_rule(county, center):
    factories.MembershipFactory(division=center.division, role=Role.MANAGER)
    leave = factories.LeaveFactory(staff__center=center, half_days=4)

    assert not Leave.objects.for_township().filter(pk=leave.pk).exists()
    set_rule("LEAVE_DAYS_REPORTED", 1, county)
    assert Leave.objects.for_township().filter(pk=leave.pk).exists()
