import pytest
from django.http import Http404
from django.utils import timezone

from centers import access
from portal.accounts.roles import Permission

pytestmark = pytest.mark.django_db


def test_a_cadre_marks_attendance_at_their_own_center(cadre, center):
    assert access.has_permission(cadre, Permission.MARK_ATTENDANCE, at=center)


def test_a_cadre_does_not_at_another(cadre, other_center):
    assert not access.has_permission(cadre, Permission.MARK_ATTENDANCE, at=other_center)


def test_an_officer_oversees_the_centers_of_the_township(officer, center):
    assert access.has_permission(officer, Permission.VIEW_OVERSIGHT, at=center)


def test_an_officer_of_another_township_does_not(stranger, center):
    assert not access.has_permission(stranger, Permission.VIEW_OVERSIGHT, at=center)


def test_who_oversees_does_not_write_the_day(officer, center):
    assert not access.has_permission(officer, Permission.MARK_ATTENDANCE, at=center)


def test_a_revoked_role_is_refused_at_once(cadre, center):
    cadre.memberships.update(revoked_at=timezone.now())
    assert not access.has_permission(cadre, Permission.MARK_ATTENDANCE, at=center)


def test_a_disabled_person_is_refused(cadre, center):
    cadre.is_active = False
    cadre.save()
    assert not access.has_permission(cadre, Permission.MARK_ATTENDANCE, at=center)


def test_the_centers_in_reach_are_those_of_the_code_range(officer, center, other_center):
    assert list(access.centers_for(officer, Permission.VIEW_OVERSIGHT)) == [center]


def test_a_villager_reaches_none(villager, center):
    assert not access.centers_for(villager, Permission.VIEW_DAY).exists()


def test_a_center_out_of_reach_does_not_exist(cadre, other_center):
    with pytest.raises(Http404):
        access.own_center(cadre, Permission.VIEW_DAY, other_center.code)


@pytest.mark.parametrize(("person", "needed"), [("officer", True), ("cadre", False), ("villager", False)])
def test_officials_need_a_second_factor(person, needed, request):
    assert access.needs_second_factor(request.getfixturevalue(person)) is needed
