"""Roles and permissions as data, and with real memberships."""

import pytest

from centers import access
from portal.accounts.roles import ROLE_PERMISSIONS, Permission, Role, roles_with
from tests import factories

REAL = {
    "STAFF_PREDICATE": "centers.access.memberships_of",
    "SECOND_FACTOR_PREDICATE": "centers.access.needs_second_factor",
    "REQUIRE_SECOND_FACTOR": True,
}


@pytest.fixture
def real_roles(settings, nobody_holds_a_role):
    for name, value in REAL.items():
        setattr(settings, name, value)


def test_every_role_has_permissions():
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_permission_is_held_by_some_role():
    assert [permission for permission in Permission if not roles_with(permission)] == []


def test_who_oversees_does_not_write_the_day():
    for role in Role.officials:
        assert not ROLE_PERMISSIONS[role] & {Permission.MARK_ATTENDANCE, Permission.BOOK_FOR_OTHERS}


def test_only_who_serves_people_sees_their_contacts():
    assert roles_with(Permission.VIEW_CONTACTS) == [Role.PROXY_AGENT, Role.MANAGER]


@pytest.mark.parametrize(("role", "needs"), [(role, role in Role.officials) for role in Role])
def test_officials_need_a_second_factor_and_others_do_not(client, village, real_roles, role, needs):
    user = factories.MembershipFactory(division=village, role=role).user
    client.force_login(user)
    assert (client.get("/admin/").get("Location") == "/accounts/2fa/totp/activate/") is needs


@pytest.mark.parametrize("role", Role)
def test_whoever_holds_a_role_is_signed_out_after_half_an_hour(client, village, real_roles, role, settings):
    user = factories.MembershipFactory(division=village, role=role).user
    client.force_login(user)
    assert client.session["accounts_idle_limit"] == settings.IDLE_SECONDS_STAFF


def test_a_villager_is_given_two_weeks(client, villager, real_roles, settings):
    client.force_login(villager)
    assert client.session["accounts_idle_limit"] == settings.IDLE_SECONDS_VILLAGER


def test_a_revoked_role_counts_no_more_on_the_next_request(client, officer, real_roles):
    client.force_login(officer)
    officer.memberships.update(revoked_at=officer.date_joined)
    assert not access.needs_second_factor(officer)
