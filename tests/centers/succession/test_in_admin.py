"""The administrator imports a list and corrects who comes after whom; officials record single changes by hand."""

import re

import pytest
from django.urls import reverse

from centers.models import Center, Division, FormerCode, Succession
from centers.services import succession
from tests import factories
from tests.centers.succession.lists import NEW_YEAR, List

pytestmark = pytest.mark.django_db
WAS, IS = "990101100201", "990101100231"
PAGE = "admin:centers_division_import"


@pytest.fixture
def admin(signed_in):
    return signed_in(factories.UserFactory(is_staff=True, is_superuser=True))


@pytest.fixture
def center(db):
    List().bring_in()
    return factories.CenterFactory(division=Division.objects.get(code=WAS))


@pytest.fixture
def preview(admin, center):
    file = List().without(WAS, "990101100207").plus(_990101100231="柳湾社区居委会").file()
    file.name = "list.csv"
    return admin.post(reverse(PAGE), {"file": file, "under": "", "on": "2027-01-01"})


def confirmed(admin, preview, **changes):
    page = preview.content.decode()
    names = ("stored", "under", "on", f"new-{WAS}")
    sent = {name: re.search(rf'name="{name}" value="([^"]*)"|$', page)[1] or "" for name in names}
    return admin.post(reverse(PAGE), sent | changes, follow=True)


def test_a_list_is_shown_before_anything_is_imported(preview, center):
    page = preview.content.decode()

    assert f'name="new-{WAS}" value="{IS}"' in page
    assert "另有 1 个" in page  # the other village, at which there is nothing
    assert Center.objects.get(pk=center.pk).code == WAS


def test_confirmed_it_is_imported_as_shown(admin, preview, center):
    page = confirmed(admin, preview).content.decode()

    assert "换代码 1" in page
    assert Center.objects.get(pk=center.pk).code == IS


def test_what_was_corrected_counts(admin, preview, center):
    confirmed(admin, preview, **{f"new-{WAS}": "990101100202"})

    assert Center.objects.get(pk=center.pk).code == "990101100202"


def test_a_code_that_is_none_is_told_and_nothing_is_imported(admin, preview, center):
    page = confirmed(admin, preview, **{f"new-{WAS}": "柳湾社区"}).content.decode()

    assert "后面写的不是12位代码" in page
    assert Center.objects.get(pk=center.pk).code == WAS


def test_a_row_that_somebody_took_out_of_the_form_is_asked_for_again(admin, preview, center):
    page = preview.content.decode()
    stored = re.search(r'name="stored" value="([^"]+)"', page)[1]

    again = admin.post(reverse(PAGE), {"stored": stored, "under": "", "on": "2027-01-01"}).content.decode()

    assert f'name="new-{WAS}"' in again
    assert Center.objects.get(pk=center.pk).code == WAS


def test_of_two_centers_the_ticked_one_goes_on(admin, center):
    other = factories.CenterFactory(division=Division.objects.get(code="990101100202"))
    file = List().without(WAS, "990101100202").plus(_990101100240="柳桃社区居委会").file()
    file.name = "list.csv"
    preview = admin.post(reverse(PAGE), {"file": file, "under": "", "on": "2027-01-01"})
    into = {f"new-{WAS}": "990101100240", "new-990101100202": "990101100240"}

    confirmed(admin, preview, **into, **{"first-990101100202": "on"})

    assert Center.objects.get(pk=center.pk).leads_to == other
    assert Center.objects.get(pk=other.pk).code == "990101100240"


def test_a_list_with_a_wrong_row_is_told(admin, center):
    file = List().plus(_99="坏").file()
    file.name = "list.csv"

    page = admin.post(reverse(PAGE), {"file": file, "on": "2027-01-01"}).content.decode()

    assert "不是12位数字" in page


def test_a_succession_recorded_by_hand_takes_everything_along(admin, center):
    old, new = center.division, factories.DivisionFactory(code=IS, name="柳湾社区居委会")

    admin.post(
        reverse("admin:centers_succession_add"), {"old": old.pk, "new": new.pk, "goes_on": "on", "on": "2026-12-01"}
    )

    assert Succession.objects.get().decided_by.is_superuser
    assert Center.objects.get(pk=center.pk).division == new


def test_a_succession_that_cannot_be_is_told_in_the_form(admin, center):
    township = Division.objects.get(code="990101100000")
    sent = {"old": center.division.pk, "new": township.pk, "goes_on": "on", "on": "2026-12-01"}

    page = admin.post(reverse("admin:centers_succession_add"), sent)

    assert (page.status_code, Succession.objects.count()) == (200, 0)
    assert "要是同一级" in page.content.decode()


def fields_of(page: str) -> dict:
    """The values of a change form, as a browser sends them back."""
    found = dict(re.findall(r'<input type="(?:text|hidden|number)" name="([^"]+)"(?: value="([^"]*)")?', page))
    return found | {"is_active": "on"}


def test_a_center_given_another_division_is_rehomed(admin, center):
    resident = factories.ResidentFactory(division=center.division)
    center.division.valid_to = NEW_YEAR
    center.division.save()
    new = factories.DivisionFactory(code=IS, name="柳湾社区居委会")
    page = reverse("admin:centers_center_change", args=[center.pk])
    sent = fields_of(admin.get(page).content.decode()) | {"division": new.pk}

    response = admin.post(page, sent)

    assert response.status_code == 302
    resident.refresh_from_db()
    assert (Center.objects.get(pk=center.pk).division, resident.division) == (new, new)
    assert FormerCode.objects.get(center=center).code == WAS


def test_who_gives_a_center_to_a_village_while_somebody_gives_it_to_another_is_told(admin, center, monkeypatch):
    new, other = factories.DivisionFactory(code=IS), factories.DivisionFactory(code="990101100232")
    page = reverse("admin:centers_center_change", args=[center.pk])
    sent = fields_of(admin.get(page).content.decode()) | {"division": new.pk}
    rehome = succession.rehome

    def overtaken(**asked) -> None:
        Center.objects.filter(pk=center.pk).update(division=other)
        rehome(**asked)

    monkeypatch.setattr(succession, "rehome", overtaken)
    admin.raise_request_exception = False
    response = admin.post(page, sent)

    assert response.status_code == 409
    assert "刚刚换了区划" in response.content.decode()
    assert Center.objects.get(pk=center.pk).code == WAS


def test_a_center_is_not_given_a_village_that_has_one(admin, center):
    taken = factories.CenterFactory(division=Division.objects.get(code="990101100202")).division
    page = reverse("admin:centers_center_change", args=[center.pk])
    sent = fields_of(admin.get(page).content.decode()) | {"division": taken.pk}

    response = admin.post(page, sent)

    assert (response.status_code, Center.objects.get(pk=center.pk).code) == (200, WAS)
    assert "已经有中心了" in response.content.decode()


def test_a_code_corrected_by_hand_stays_an_address(admin, client, center):
    village = center.division
    sent = {"code": IS, "name": village.name, "level": 5, "valid_from": "2026-01-01", "valid_to": ""}

    admin.post(reverse("admin:centers_division_change", args=[village.pk]), sent)

    assert client.get(reverse("center", args=[WAS])).url == reverse("center", args=[IS])
