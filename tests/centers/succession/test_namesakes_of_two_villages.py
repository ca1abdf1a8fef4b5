"""Where villages become one, namesakes without a number stay two people, whatever was said of them."""

from datetime import date

import pytest

from centers.models import Division, Resident
from centers.services import succession
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(village):
    Division.objects.filter(pk=village.pk).update(valid_to=date(2026, 11, 1))
    return factories.DivisionFactory(code="990101100231", name="柳湾社区居委会")


def merged(village, new, there: list[str], here: list[str]) -> list[str]:
    """The remarks of all of that name and group afterwards."""
    for division, remarks in ((new, there), (village, here)):
        for remark in remarks:
            factories.ResidentFactory(division=division, name="李四", phone="", villager_group="一组", remark=remark)
    succession.succeed(old=village, new=new, by=None)
    return list(Resident.objects.filter(division=new, name="李四").order_by("pk").values_list("remark", flat=True))


@pytest.mark.parametrize(
    ("there", "here", "after"),
    [
        ([""], [""], ["", "原柳湾村"]),
        (["东头的"], ["东头的"], ["东头的", "东头的，原柳湾村"]),
        (["东头的"], ["西头的"], ["东头的", "西头的"]),
        (["", "原柳湾村"], [""], ["", "原柳湾村", "原柳湾村2"]),
        ([""], ["", "原柳湾村"], ["", "原柳湾村2", "原柳湾村"]),
        (["东" * 30], ["东" * 30], ["东" * 30, "东" * 25 + "，原柳湾村"]),
    ],
)
def test_they_are_told_apart(village, new, there, here, after):
    assert merged(village, new, there, here) == after
