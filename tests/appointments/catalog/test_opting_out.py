"""A village, or all of a township, does not offer an item that the county has: it is gone there and nowhere else."""

from functools import partial

import pytest

from appointments.booking.displaced import displaced
from appointments.catalog import opting_out, services
from appointments.catalog.offered import items_at, offers_at
from appointments.models import ItemOptOut
from appointments.slots.availability import starts_by_code
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book
from tests.behind import behind
from tests.factories.appointments import at
from tests.said import words_of

pytestmark = pytest.mark.django_db


def offered(center) -> list[bool]:
    """By the list, by the rows, by the times of the API."""
    day = at(3, 0).date()
    times = starts_by_code(center.code, "yanglao-renzheng", day, 1)
    return [bool(offers_at(center)), bool(items_at(center)), bool(times)]


@pytest.fixture
def slots(center, other_center, item):
    return [factories.SlotFactory(center=one, starts_at=at(3, 9)) for one in (center, other_center)]


@pytest.mark.parametrize("level", ["village", "township"])
def test_it_is_not_offered_there_and_stays_elsewhere(request, center, other_center, slots, item, manager, level):
    division = request.getfixturevalue(level)
    opting_out.opt_out(division=division, code=item.code, by=manager)
    assert (offered(center), offered(other_center)) == ([False] * 3, [True] * 3)
    opting_out.opt_in(division=division, code=item.code, by=manager)
    assert offered(center) == [True] * 3


def test_whoever_has_booked_there_is_told_and_listed(center, other_center, slots, item, resident, manager, commit):
    ours, _theirs = (book(slot, item, resident) for slot in slots)
    with commit():
        opting_out.opt_out(division=center.division, code=item.code, by=manager)
    assert list(displaced()) == [ours]
    assert "不再办" in words_of(kind="closed", channel="inbox")


def test_a_second_tap_changes_nothing(center, item, manager):
    first = opting_out.opt_out(division=center.division, code=item.code, by=manager)
    assert opting_out.opt_out(division=center.division, code=item.code, by=manager) == first
    assert opting_out.opt_in(division=center.division, code=item.code, by=manager)
    assert not opting_out.opt_in(division=center.division, code=item.code, by=manager)


def test_what_is_not_offered_cannot_be_switched_off(center, manager):
    with pytest.raises(RuleBroken, match="已经不办"):
        opting_out.opt_out(division=center.division, code="none", by=manager)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_switch_it_off_both_get_one_row(center, item, manager):
    switch = partial(opting_out.opt_out, division=center.division, code=item.code, by=manager)
    first, second = behind(switch, switch)
    assert first == second and ItemOptOut.objects.count() == 1


def test_what_a_village_does_not_offer_goes_along_when_it_goes_on_in_another(center, township, item, manager):
    new = factories.DivisionFactory(code="990101100299", name="新柳湾村村民委员会")
    opting_out.opt_out(division=center.division, code=item.code, by=manager)
    opting_out.opt_out(division=new, code=item.code, by=manager)
    services.follow_division(center.division, new)
    rows = ItemOptOut.objects.filter(division=new)
    assert (rows.count(), rows.current().count()) == (2, 1)
