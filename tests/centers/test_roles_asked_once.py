"""Memberships are cached per request; not across requests, not in writes, not outside of requests."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centers import access
from portal.accounts.roles import Permission, Role
from tests import factories

pytestmark = pytest.mark.django_db


def asked(captured) -> int:
    """Not as a part of another query."""
    return sum(query["sql"].partition(" FROM ")[2].startswith('"centers_membership"') for query in captured)


@pytest.fixture
def pages(monkeypatch):
    """Statements are sent whole, so that they can be counted by their words."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    return ["/desk/", "/desk/messages/", "/desk/duty/"]


def test_a_page_asks_once(signed_in, manager, center, pages):
    client = signed_in(manager)
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        assert (page, asked(queries)) == (page, 1)


def test_control_without_it_a_page_asks_again_and_again(signed_in, manager, center, pages, settings):
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if one != "centers.access.cache_memberships"]
    client = signed_in(manager)
    with CaptureQueriesContext(connection) as queries:
        client.get(pages[0])
    assert asked(queries) > 2


def test_a_role_taken_back_counts_in_the_next_request(signed_in, manager, center):
    client = signed_in(manager)
    assert client.get("/desk/messages/").status_code == 200

    manager.memberships.update(revoked_at=timezone.now())
    assert client.get("/desk/messages/").status_code == 403


def test_a_role_given_counts_in_the_next_request(signed_in, villager, center):
    client = signed_in(villager)
    assert client.get("/desk/messages/").status_code == 403

    factories.MembershipFactory(user=villager, division=center.division, role=Role.MANAGER)
    assert client.get("/desk/messages/").status_code == 200


def test_two_people_on_one_page_are_two(manager, villager, center, rf):
    def answer(request):
        return [access.has_permission(who, Permission.VIEW_DAY, at=center) for who in (manager, villager, manager)]

    assert access.cache_memberships(answer)(rf.get("/")) == [True, False, True]


@pytest.mark.parametrize(("method", "still_there"), [("get", True), ("head", True), ("post", False), ("put", False)])
def test_only_a_page_that_changes_nothing_keeps_what_it_asked(manager, center, rf, method, still_there):
    def answer(request):
        access.has_permission(manager, Permission.VIEW_DAY)
        manager.memberships.update(revoked_at=timezone.now())
        return access.has_permission(manager, Permission.VIEW_DAY)

    assert access.cache_memberships(answer)(getattr(rf, method)("/")) is still_there


def test_nothing_is_kept_after_a_page_also_when_it_breaks(manager, center, rf):
    def broken(request):
        assert access.has_permission(manager, Permission.VIEW_DAY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        access.cache_memberships(broken)(rf.get("/"))
    manager.memberships.update(revoked_at=timezone.now())
    assert not access.has_permission(manager, Permission.VIEW_DAY)
