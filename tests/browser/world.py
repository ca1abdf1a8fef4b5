"""Fixture data for end-to-end tests: a center open every day ahead, one item, and a neighbour."""

from appointments.models import ServiceItem
from centers.models import Center
from tests import factories
from tests.factories.appointments import at

HOURS = (9, 10, 14, 15)


def open_days(center: Center, first: int = 1, last: int = 6, **places) -> None:
    for day in range(first, last + 1):
        for hour in HOURS:
            factories.SlotFactory(center=center, starts_at=at(day, hour), **places)


def everyday_item(county) -> ServiceItem:
    return factories.ServiceItemFactory(
        division=county,
        code="yanglao-renzheng",
        everyday_name="养老金认证",
        summary="每年一次,证明本人健在",
        materials=["本人身份证", "社保卡"],
    )
