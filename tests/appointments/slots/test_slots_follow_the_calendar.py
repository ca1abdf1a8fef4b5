"""A day that turns out to be a holiday takes no more bookings, as soon as the calendar knows it."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from appointments.models import Slot
from appointments.slots import availability, making
from centers.models import CalendarDay
from centers.services import calendar
from tests import factories
from tests.appointments.steps import book, taken

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture
def december(time_machine):
    time_machine.move_to(datetime(2026, 12, 20, 9, tzinfo=timezone.get_current_timezone()))


@pytest.fixture
def slots(december, center):
    """Made while New Year's Day still counted as the Friday that it is."""
    factories.OpeningRuleFactory(center=center, weekday=NEW_YEAR.weekday(), opens=time(9), closes=time(10))
    factories.CalendarDayFactory(date=NEW_YEAR, is_pending=True)
    making.make_ahead()
    return list(Slot.objects.filter(starts_at__year=2027))


def test_new_years_day_is_not_offered_before_its_notice(december, center, item):
    factories.OpeningRuleFactory(center=center, weekday=NEW_YEAR.weekday())
    calendar.fill_ahead()
    making.make_ahead()

    assert availability.starts_on(center, item, NEW_YEAR) == []


def test_its_slots_are_closed_by_the_nightly_run(slots, center, item):
    assert len(availability.starts_on(center, item, NEW_YEAR)) == 2

    calendar.fill_ahead()

    assert availability.starts_on(center, item, NEW_YEAR) == []


def test_what_is_booked_there_stands(slots, item, resident):
    booked = book(slots[0], item, resident)

    calendar.fill_ahead()

    booked.refresh_from_db()
    assert (booked.cancelled_at, taken(slots[0])) == (None, (1, 0))


def test_a_holiday_that_somebody_opened_by_hand_stays_open(slots, center, item):
    CalendarDay.objects.filter(date=NEW_YEAR).update(is_pending=False)

    calendar.fill_ahead()

    assert len(availability.starts_on(center, item, NEW_YEAR)) == 2


def test_a_day_that_turns_out_to_be_worked_is_offered(slots, center, item):
    calendar.fill_ahead()
    CalendarDay.objects.filter(date=date(2026, 12, 25)).update(kind="holiday", is_pending=True)
    making.make_ahead()

    calendar.fill_ahead()

    assert len(availability.starts_on(center, item, date(2026, 12, 25))) == 2
