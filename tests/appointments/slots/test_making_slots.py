from datetime import time, timedelta

import pytest
from django.utils import timezone

from appointments.models import Slot
from appointments.slots import making
from tests import factories
from tests.appointments.steps import book, taken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return timezone.localdate() + timedelta(days=3)


@pytest.fixture
def rule(center, day):
    factories.CalendarDayFactory(date=day, kind="workday")
    return factories.OpeningRuleFactory(center=center, weekday=day.weekday(), opens=time(9), closes=time(11))


def make(center, day):
    """The day as it is now, and its slots; returns how many are open."""
    factories.arrange(center)
    making.make_between([center], day, day)
    return Slot.objects.open().filter(center=center, starts_at__date=day).count()


def test_slots_are_made_from_opening_hours(center, rule, day):
    assert make(center, day) == 4


def test_making_them_again_makes_none(center, rule, day):
    assert making.make_between([center], day, day) == 0


def test_an_approved_closure_closes_its_slots_and_keeps_their_bookings(center, rule, day, item, resident):
    make(center, day)
    slot = Slot.objects.get(starts_at=at(3, 9))
    book(slot, item, resident)
    factories.ClosureNoticeFactory(center=center, starts_at=at(3, 8), ends_at=at(3, 10), approved=True)
    assert make(center, day) == 2
    assert taken(slot) == (1, 0)


def test_a_closure_that_nobody_approved_changes_nothing(center, rule, day):
    make(center, day)
    factories.ClosureNoticeFactory(center=center, starts_at=at(3, 8), ends_at=at(3, 12))
    assert make(center, day) == 4


def test_a_withdrawn_closure_opens_them_again(center, rule, day):
    closure = factories.ClosureNoticeFactory(center=center, starts_at=at(3, 8), ends_at=at(3, 12), approved=True)
    make(center, day)
    closure.withdrawn_at = timezone.now()
    closure.save()
    assert make(center, day) == 4


def test_more_places_are_offered_at_once(center, rule, day):
    make(center, day)
    rule.online_places = 5
    rule.save()
    make(center, day)
    assert set(Slot.objects.values_list("online_places", flat=True)) == {5}


def test_places_never_fall_below_what_is_taken(center, rule, day, item):
    make(center, day)
    slot = Slot.objects.get(starts_at=at(3, 9))
    for _number in range(2):
        book(slot, item, factories.ResidentFactory())
    rule.online_places = 1
    rule.save()
    make(center, day)
    slot.refresh_from_db()
    assert (slot.online_places, slot.online_taken) == (2, 2)


def test_a_holiday_gets_no_slots(center, rule, day):
    factories.CalendarDayFactory(date=day).delete()
    factories.CalendarDayFactory(date=day, kind="holiday")
    assert make(center, day) == 0


def test_the_horizon_is_made_for_all_active_centers(center, rule, other_center):
    other_center.is_active = False
    other_center.save()
    making.make_ahead()
    assert set(Slot.objects.values_list("center", flat=True)) == {center.pk}


@pytest.mark.parametrize("centers", [1, 20])
def test_the_number_of_queries_does_not_grow_with_centers(centers, day, django_assert_max_num_queries):
    made = [factories.OpeningRuleFactory(weekday=day.weekday()).center for _number in range(centers)]
    with django_assert_max_num_queries(11):
        making.make_between(made, day, day)
