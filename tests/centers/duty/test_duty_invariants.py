"""Each duty invariant detects its violation."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from centers.models import DutyShift
from portal import invariants
from tests import factories

pytestmark = pytest.mark.django_db


def broken() -> list[str]:
    return [violation.sentence for violation in invariants.violations()]


def test_a_shift_that_is_in_order_is_not_named():
    factories.DutyShiftFactory()
    assert broken() == []


def test_a_shift_of_another_month_is_named():
    shift = factories.DutyShiftFactory()
    DutyShift.objects.filter(pk=shift.pk).update(date=shift.date + timedelta(days=40))
    assert broken() == ["A shift is of its roster's month."]


def test_a_shift_of_somebody_from_elsewhere_is_named():
    shift = factories.DutyShiftFactory()
    DutyShift.objects.filter(pk=shift.pk).update(staff=factories.StaffFactory())
    assert broken() == ["A shift belongs to somebody of its roster's center."]


def test_leaves_that_overlap_are_named():
    first = factories.LeaveFactory(agreed=True)
    factories.LeaveFactory(staff=first.staff, first_date=first.first_date, first_part="afternoon", agreed=True)
    assert broken() == ["No two leaves of one person that stand overlap."]


def test_a_swapped_shift_that_still_stands_is_named():
    factories.ShiftSwapFactory(agreed_at=timezone.now())
    assert broken() == ["A shift that was swapped stands no longer."]


def test_f14_a_roster_that_begins_in_the_middle_of_a_month_is_found(center):
    factories.RosterFactory(center=center, month=date(2026, 12, 1))
    assert broken() == []
    factories.RosterFactory(center=center, month=date(2026, 11, 2))
    assert broken() == ["A roster begins on the first of its month."]
