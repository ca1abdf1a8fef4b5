"""A center that is open on workdays and uses rosters: four people, two of whom can lead."""

from datetime import date, time

import pytest

from centers.days.following import together
from centers.services import calendar
from tests import factories

DECEMBER = date(2026, 12, 1)
FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


@pytest.fixture
def open_weekdays(center):
    calendar.fill(date(2026, 1, 1), date(2027, 1, 31))
    with together():
        factories.open_on(center, *range(5))
        factories.open_on(center, *range(5), opens=time(14, 0), closes=time(17, 30))
    return center


@pytest.fixture
def team(center):
    """赵志强 and 钱立 lead; 刘晓敏 has the cadre's account."""
    names = [("赵志强", True), ("钱立", True), ("刘晓敏", False), ("孙梅", False)]
    return [
        factories.StaffFactory(center=center, name=name, can_lead=leads, order=place)
        for place, (name, leads) in enumerate(names)
    ]


@pytest.fixture
def december(time_machine):
    """Shortly before the month that is laid out: Wednesday 25 November 2026, ten in the morning in Shanghai."""
    time_machine.move_to("2026-11-25T02:00:00Z", tick=True)
    return DECEMBER


@pytest.fixture
def hers(team, cadre, december):
    """刘晓敏's shift on a Friday."""
    team[2].user = cadre
    team[2].save()
    return factories.DutyShiftFactory(staff=team[2], date=FRIDAY)


@pytest.fixture
def colleague(team, village):
    """孙梅, with an account of her own."""
    team[3].user = factories.MembershipFactory(division=village).user
    team[3].save()
    return team[3]
