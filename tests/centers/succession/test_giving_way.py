"""A code that another village has now is that village's: nothing of the one that ended is reached by it."""

import pytest
from django.urls import reverse

from centers.access import has_permission
from centers.models import Center, Division, Succession
from portal.accounts.roles import Permission, Role
from tests import factories
from tests.centers.succession.lists import NEW_YEAR, List

pytestmark = pytest.mark.django_db
WAS = "990101100201"
STAFF_MAY = (Permission.BOOK_FOR_OTHERS, Permission.MANAGE_CENTER)


@pytest.fixture
def old_center(db):
    List().bring_in()
    return factories.CenterFactory(division=Division.objects.get(code=WAS), name="柳湾老中心")


@pytest.fixture
def old_manager(old_center):
    return factories.MembershipFactory(division=old_center.division, role=Role.MANAGER).user


def by_list(old_center):
    List().plus(_990101100201="石磨村委会").bring_in(NEW_YEAR, successors=[(WAS, "")])


def by_two_lists(old_center):
    List().without(WAS).bring_in(NEW_YEAR, successors=[(WAS, "")])
    List().plus(_990101100201="石磨村委会").bring_in(NEW_YEAR.replace(year=2028))


def by_hand(old_center, admin):
    Division.objects.filter(pk=old_center.division_id).update(valid_to=NEW_YEAR)
    sent = {"code": WAS, "name": "石磨村委会", "level": 5, "valid_from": "2027-01-01"}
    assert admin.post(reverse("admin:centers_division_add"), sent).status_code == 302


@pytest.fixture(params=[by_list, by_two_lists, by_hand])
def new(request, old_center, old_manager, signed_in):
    """The center of the village that has the code now."""
    if request.param is by_hand:
        by_hand(old_center, signed_in(factories.UserFactory(is_staff=True, is_superuser=True)))
    else:
        request.param(old_center)
    return factories.CenterFactory(division=Division.objects.current().get(code=WAS), name="石磨新中心")


def test_no_permission_crosses_over(old_center, old_manager, new):
    new_manager = factories.MembershipFactory(division=new.division, role=Role.MANAGER).user
    old = Center.objects.get(pk=old_center.pk)

    for permission in STAFF_MAY:
        assert has_permission(old_manager, permission, at=old)
        assert not has_permission(old_manager, permission, at=new)
        assert has_permission(new_manager, permission, at=new)
        assert not has_permission(new_manager, permission, at=old)


def test_staff_find_their_own_residents(signed_in, old_center, old_manager, new):
    factories.ResidentFactory(division=old_center.division, name="王桂兰", phone="13800005678")
    factories.ResidentFactory(division=new.division, name="石小满", phone="13800009999")
    old = Center.objects.get(pk=old_center.pk)
    client = signed_in(old_manager)

    def found(words: str) -> bool:
        page = client.get(reverse("desk_book"), {"center": old.code, "q": words}).content.decode()
        return "desk/book/" in page and f"{words}</" in page.replace(" ", "").replace("\n", "")

    assert found("王桂兰")
    assert not found("石小满")
    assert client.get(reverse("desk_book"), {"center": WAS}).status_code == 404


def test_each_center_has_an_address(client, old_center, new):
    old = Center.objects.get(pk=old_center.pk)

    assert "石磨新中心" in client.get(reverse("center", args=[WAS])).content.decode()
    assert "柳湾老中心" in client.get(reverse("center", args=[old.code])).content.decode()
    assert f"/centers/{old.code}/" in client.get(reverse("centers"), {"q": "柳湾"}).content.decode()


def test_before_the_new_village_has_a_center_its_code_is_not_the_old_ones(client, old_center):
    by_list(old_center)

    assert client.get(reverse("center", args=[WAS])).status_code == 404


def test_the_county_sees_both(county_official, old_center, new):
    old = Center.objects.get(pk=old_center.pk)

    assert all(has_permission(county_official, Permission.VIEW_OVERSIGHT, at=one) for one in (old, new))


def test_what_it_was_called_is_on_record(old_center, new):
    old = Center.objects.get(pk=old_center.pk)

    was = Succession.objects.get(new=old.division)
    assert (was.old.code, was.old.name, old.code[:9]) == (WAS, "柳湾村委会", WAS[:9])
    assert old.former_codes.get().code == WAS


def test_a_township_takes_what_it_left_along(old_center):
    before = factories.MembershipFactory(division=Division.objects.get(code="990101100000"), role=Role.TOWNSHIP).user
    after = {code: name for code, name in List().items() if not code.startswith("990101100")}
    List(after | {"990101100000": "石桥镇", "990101100301": "东石村委会"}).bring_in(
        NEW_YEAR, successors=[("990101100000", ""), (WAS, "")], is_confirmed=True
    )
    officer = factories.MembershipFactory(
        division=Division.objects.current().get(code="990101100000"), role=Role.TOWNSHIP
    ).user

    center = Center.objects.get(pk=old_center.pk)
    assert not has_permission(officer, Permission.VIEW_DAY, at=center)
    assert has_permission(before, Permission.VIEW_DAY, at=center)
    assert center.code == "990101999201"


def test_what_the_one_in_force_was_called_before_stays_on_record(db):
    was = factories.DivisionFactory._meta.model.objects.create(
        code="990101100000", name="柳溪乡", level=4, valid_from="2020-01-01", valid_to="2025-01-01"
    )

    List().bring_in()

    was.refresh_from_db()
    assert was.code == "990101100000"


def test_a_provisional_code_is_nobodys(old_center):
    factories.DivisionFactory(code="990101100999", name="占用村")
    by_list(old_center)

    assert Center.objects.get(pk=old_center.pk).code == "990101100998"
