"""Ending a post ends the login's rights, and the place on the roster if wanted; it can be taken back."""

import pytest
from django.utils import timezone

from centers.models import MemberChange, Membership, Staff
from portal.accounts.roles import Role
from tests import factories
from tests.centers.members.steps import colleague, proven
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(center):
    return colleague(center)


@pytest.fixture
def on_roster(center, post) -> Staff:
    return factories.StaffFactory(center=center, user=post.user, name="何小玲")


def end(client, post, **said):
    return client.post(f"/manage/members/posts/{post.pk}/end/", said)


def test_rights_and_sessions_end_at_once(manager, post, signed_in):
    hers = proven(post.user)
    assert hers.get("/desk/").status_code == 200
    end(signed_in(manager), post)
    assert hers.get("/desk/")["Location"].startswith("/accounts/login/")
    assert signed_in(post.user).get("/desk/").status_code == 403


def test_what_is_ahead_is_shown_first(manager, post, on_roster, signed_in):
    factories.DutyShiftFactory(staff=on_roster, date=timezone.localdate())
    page = signed_in(manager).get(f"/manage/members/posts/{post.pk}/end/").content.decode()
    assert "后面还排着1个班" in page
    assert "从今天起也不在值班名单里了" in page


@pytest.mark.parametrize(("said", "left"), [({"leaves_roster": "on"}, True), ({}, False)])
def test_the_place_on_the_roster_ends_if_wanted(manager, post, on_roster, signed_in, said, left):
    end(signed_in(manager), post, **said)
    on_roster.refresh_from_db()
    assert (on_roster.left_on == timezone.localdate()) is left


def test_it_is_taken_back_with_the_place_on_the_roster(manager, post, on_roster, signed_in):
    client = signed_in(manager)
    end(client, post, leaves_roster="on")
    assert "恢复职务" in client.get(f"/manage/members/{post.user_id}/").content.decode()
    client.post(f"/manage/members/posts/{post.pk}/restore/")
    on_roster.refresh_from_db()
    assert on_roster.left_on is None
    assert signed_in(post.user).get("/desk/").status_code == 200


def test_a_stale_page_says_that_it_has_ended(manager, officer, post, signed_in):
    end(signed_in(officer), post)
    page = signed_in(manager).post(f"/manage/members/posts/{post.pk}/end/", follow=True).content.decode()
    assert "刚刚被别人结束了" in page
    assert MemberChange.objects.filter(kind="ended").count() == 1


def test_a_title_that_has_changed_meanwhile_is_not_overwritten(manager, post, signed_in):
    address, said = f"/manage/members/posts/{post.pk}/", {"role": "proxy_agent", "title": "会计", "seen": ""}
    client = signed_in(manager)
    assert client.post(address, said).status_code == 302
    assert client.post(address, said | {"title": "委员"}).status_code == 409
    post.refresh_from_db()
    assert post.title == "会计"


def test_another_role_ends_the_old_one(officer, post, signed_in):
    said = {"role": "manager", "title": "", "seen": ""}
    signed_in(officer).post(f"/manage/members/posts/{post.pk}/", said)
    held = Membership.objects.held().get(user=post.user)
    assert (held.role, held.pk == post.pk) == (Role.MANAGER, False)


def test_a_manager_changes_no_colleague_beside_them(center, manager, signed_in):
    beside = factories.MembershipFactory(division=center.division, role=Role.MANAGER)
    assert signed_in(manager).get(f"/manage/members/posts/{beside.pk}/end/").status_code == 403
    assert end(signed_in(manager), beside).status_code == 403


@pytest.fixture
def counties(county):
    """Two county administrators who administer the system as well."""
    system = {"user__is_superuser": True, "user__is_staff": True}
    return [factories.MembershipFactory(division=county, role=Role.COUNTY, **system) for _one in range(2)]


def test_the_last_county_administrator_stays(counties, signed_in):
    first, last = counties
    end(signed_in(first.user), first)
    page = end(signed_in(last.user), last)
    assert Membership.objects.held().get(role=Role.COUNTY) == last
    assert page.status_code == 302


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_who_end_themselves_at_once_one_stays(counties, signed_in):
    pairs = [(signed_in(post.user), post) for post in counties]
    together(lambda pair: end(*pair), pairs)
    assert Membership.objects.held().filter(role=Role.COUNTY).count() == 1
