"""先看这里： at most five things that need a person， each from rows."""

import pytest

from portal.dashboards.oversight import selectors
from portal.dashboards.oversight.forms import last_days
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
TOWNSHIP = ["990101100000"]


def things():
    return [(thing.what, thing.number) for thing in selectors.attention(TOWNSHIP, last_days(at(0, 0).date()))]


def visit(center, item, **fields):
    return factories.AppointmentFactory(
        center=center, item=item, resident__division=center.division, starts_at=at(-1, 9), **fields
    )


def test_nothing_is_said_when_nothing_is_wrong(center, item):
    factories.SlotFactory(center=center, starts_at=at(-1, 9))
    visit(center, item, served=True)

    assert things() == []


def test_places_without_a_visitor_for_a_week(center):
    factories.SlotFactory(center=center, starts_at=at(-1, 9))

    assert things() == [("silent", 1)]


def test_a_center_that_offered_nothing_is_not_blamed(center):
    assert things() == []


def test_an_appointment_that_nobody_marked(center, item):
    visit(center, item)
    visit(center, item, missed=True)

    assert things() == [("unmarked", 1)]


def test_today_there_is_still_time_to_mark(center, item):
    factories.AppointmentFactory(center=center, item=item, resident__division=center.division, starts_at=at(0, 0))

    assert things() == []


@pytest.mark.parametrize(("level", "said"), [(1, True), (2, True), (3, False)])
def test_a_bad_rating(center, item, level, said):
    factories.RatingFactory(appointment=visit(center, item, served=True), level=level)

    assert bool(things()) is said


def test_many_centers_are_one_thing(township, item):
    for number in range(7):
        another = factories.CenterFactory(division=factories.DivisionFactory(code=f"990101100{300 + number}"))
        visit(another, item)
        factories.SlotFactory(center=another, starts_at=at(-1, 9))

    assert things() == [("unmarked", 7), ("silent", 7)]


def test_never_more_than_five(township, item):
    for number in range(2):
        another = factories.CenterFactory(division=factories.DivisionFactory(code=f"990101100{300 + number}"))
        visit(another, item)
        factories.RatingFactory(appointment=visit(another, item, served=True), level=1)
    for number in range(2):
        quiet = factories.CenterFactory(division=factories.DivisionFactory(code=f"990101100{400 + number}"))
        factories.SlotFactory(center=quiet, starts_at=at(-1, 9))

    assert len(things()) == 5


def test_next_doors_troubles_are_theirs(other_center, item):
    visit(other_center, item)

    assert things() == []
