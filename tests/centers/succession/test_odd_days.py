"""A day that no division changed on is asked for again, wherever it is typed; one that may be is taken."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from centers.models import Center, Division, Succession
from centers.services import succession
from portal.ui.errors import RuleBroken
from tests import factories
from tests.centers.succession.lists import NEW_YEAR, List

pytestmark = pytest.mark.django_db
WAS = "990101100201"
FAR, SAID = "日期太远了", "不像是区划变动的日子"
ODD = {"0001-01-01": FAR, "9999-12-30": FAR, "9999-12-31": FAR, "2099-01-01": SAID}


@pytest.fixture
def admin(signed_in):
    return signed_in(factories.UserFactory(is_staff=True, is_superuser=True))


@pytest.fixture
def center(db):
    List().bring_in()
    return factories.CenterFactory(division=Division.objects.get(code=WAS))


@pytest.mark.parametrize("day", ODD)
def test_of_a_list_in_the_admin(admin, center, day):
    file = List().without(WAS).file()
    file.name = "list.csv"

    page = admin.post(reverse("admin:centers_division_import"), {"file": file, "under": "", "on": day})

    assert ODD[day] in page.content.decode()
    assert not Division.objects.filter(valid_to__isnull=False).exists()


@pytest.mark.parametrize("day", ODD)
def test_of_a_list_by_command(tmp_path, center, day):
    path = tmp_path / "list.csv"
    path.write_bytes(List().without(WAS).file().read())

    with pytest.raises(CommandError, match=ODD[day]):
        call_command("import_divisions", str(path), "--on", day, "--confirm")


@pytest.mark.parametrize(("day", "is_taken"), [*((day, False) for day in ODD), ("2026-11-01", True)])
def test_of_a_succession(admin, center, day, is_taken):
    new = factories.DivisionFactory(code="990101100231", name="柳湾社区居委会")
    sent = {"old": center.division_id, "new": new.pk, "goes_on": "on", "on": day}

    response = admin.post(reverse("admin:centers_succession_add"), sent)

    assert (response.status_code == 302) is is_taken
    assert is_taken or ODD[day] in response.content.decode()
    assert Succession.objects.exists() is is_taken


def test_of_a_succession_by_the_service(center):
    new = factories.DivisionFactory(code="990101100231", name="柳湾社区居委会")

    with pytest.raises(RuleBroken) as refusal:
        succession.succeed(old=center.division, new=new, by=None, on=NEW_YEAR.replace(year=9999))

    assert refusal.value.code == "odd_day"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "990101100231", "valid_to": "2026-11-01"}, "请先换代码存好"),
        ({"valid_to": "9999-12-31"}, FAR),
        ({"valid_from": "9999-12-31"}, FAR),
        ({"valid_from": "2099-01-01"}, SAID),
        ({"code": "990101100231"}, ""),
        ({"valid_to": "2026-11-01"}, ""),
    ],
)
def test_of_a_division_changed_by_hand(admin, center, changes, said):
    village = center.division
    sent = {"code": WAS, "name": village.name, "level": 5, "valid_from": "2026-01-01", "valid_to": ""}

    response = admin.post(reverse("admin:centers_division_change", args=[village.pk]), sent | changes)

    assert (response.status_code == 302) is (not said)
    assert said in response.content.decode()
    assert Center.objects.get(pk=center.pk).code == (WAS if said else changes.get("code", WAS))
