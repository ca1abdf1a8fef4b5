"""A day on which no division begins or ends, such as a mistyped year, is a sentence at every entrance."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.models import Center, Division, Succession
from centers.services import succession
from portal.ui.errors import RuleBroken
from tests import factories
from tests.centers.succession.lists import List

pytestmark = pytest.mark.django_db
WAS, IS = "990101100201", "990101100231"
ODD = ["9999-12-31", "9999-12-30", "0001-01-01", "1226-01-01"]
SAID = "请看看年份有没有写错"


@pytest.fixture
def admin(signed_in):
    return signed_in(factories.UserFactory(is_staff=True, is_superuser=True))


@pytest.fixture
def village(db):
    List().bring_in()
    return factories.CenterFactory(division=Division.objects.get(code=WAS)).division


def upload(admin, on: str) -> str:
    file = List().without(WAS).plus(_990101100231="柳湾社区居委会").file()
    file.name = "list.csv"
    sent = {"file": file, "under": "", "on": on}
    return admin.post(reverse("admin:centers_division_import"), sent).content.decode()


@pytest.mark.parametrize("on", ODD)
def test_a_list_is_not_in_force_from_such_a_day(admin, village, on):
    page = upload(admin, on)

    assert SAID in page and f"new-{WAS}" not in page


@pytest.mark.parametrize("on", ["2020-01-01", "2027年1月1日"])
def test_control_other_days_are_taken(admin, village, on):
    page = upload(admin, on)

    assert SAID not in page and f"new-{WAS}" in page


def test_nor_by_command(village):
    with pytest.raises(RuleBroken) as refused:
        List().without(WAS).bring_in(on=date.max, is_confirmed=True)
    assert refused.value.code == "odd_day"


@pytest.mark.parametrize(("on", "is_taken"), [*((on, False) for on in ODD), ("2026-11-01", True)])
def test_what_came_after_what_has_such_a_day_neither(admin, village, on, is_taken):
    new = factories.DivisionFactory(code=IS, name="柳湾社区居委会")
    sent = {"old": village.pk, "new": new.pk, "goes_on": "on", "on": on}
    answer = admin.post(reverse("admin:centers_succession_add"), sent)

    assert (answer.status_code == 302, SAID not in answer.content.decode()) == (is_taken, is_taken)
    assert Succession.objects.exists() == is_taken


def test_the_service_refuses_it_as_well(village):
    new = factories.DivisionFactory(code=IS, name="柳湾社区居委会")
    with pytest.raises(RuleBroken) as refused:
        succession.succeed(old=village, new=new, by=None, on=date.max)
    assert refused.value.code == "odd_day"


def change(admin, division, **changes):
    names = ("code", "name", "level", "pinyin", "initials", "valid_from")
    sent = {name: getattr(division, name) for name in names} | {"valid_to": ""} | changes
    return admin.post(reverse("admin:centers_division_change", args=[division.pk]), sent)


@pytest.mark.parametrize("days", [-30, 30])
def test_a_code_is_not_changed_and_ended_in_one(admin, village, days):
    answer = change(admin, village, code=IS, valid_to=timezone.localdate() + timedelta(days=days))

    assert "再另外停用" in answer.content.decode()
    assert Center.objects.get().code == WAS and not Succession.objects.exists()


def test_nor_is_that_of_one_that_has_ended(admin, village):
    Division.objects.filter(pk=village.pk).update(valid_to="2026-11-01")

    assert "再另外停用" in change(admin, village, code=IS).content.decode()
    assert Center.objects.get().code == WAS


def test_control_a_code_alone_is_changed(admin, village):
    assert change(admin, village, code=IS).status_code == 302
    assert Center.objects.get().code == IS


@pytest.mark.parametrize("name", ["valid_from", "valid_to"])
def test_a_division_has_no_such_day_by_hand(admin, village, name):
    assert SAID in change(admin, village, **{name: "9999-12-31"}).content.decode()
