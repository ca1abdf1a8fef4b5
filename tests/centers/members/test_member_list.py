"""The list of people with logins: who is in reach, found by name or place, in a fixed number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.centers.members.steps import colleague, invite

pytestmark = pytest.mark.django_db


def names(client, query: str = "") -> set[str]:
    return {row.post.user.name for row in client.get(f"/manage/members/{query}").context["rows"]}


def test_each_level_sees_its_own_and_below(
    center, other_center, manager, officer, county_official, signed_in, superuser
):
    colleague(center, user__name="何小玲")
    colleague(other_center, user__name="石小军", user__phone="13700006666")
    seen = [{"何小玲", "石小军"} & names(signed_in(user)) for user in (manager, officer, county_official, superuser)]
    assert seen == [{"何小玲"}, {"何小玲"}, {"何小玲", "石小军"}, {"何小玲", "石小军"}]


@pytest.fixture
def superuser(db):
    return factories.UserFactory(is_superuser=True, is_staff=True)


def test_it_is_searched_by_name_and_by_place(center, other_center, county_official, signed_in):
    colleague(center, user__name="何小玲")
    colleague(other_center, user__name="石小军", user__phone="13700006666")
    client = signed_in(county_official)
    assert [names(client, f"?q={words}") for words in ("小玲", "石桥", "没有")] == [{"何小玲"}, {"石小军"}, set()]


def test_who_has_not_been_in_is_told_from_who_has(center, manager, signed_in):
    colleague(center, user__name="何小玲")
    client = signed_in(manager)
    invite(client, center)
    assert names(client, "?show=waiting") == {"李红梅"}
    page = client.get("/manage/members/").content.decode()
    assert "还没登录过" in page and "前有效" in page and "上次登录" in page


def test_its_queries_do_not_grow(center, manager, signed_in):
    client = signed_in(manager)

    def count(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        return len(queries)

    colleague(center)
    pages = ("/manage/members/", "/manage/members/slips/")
    before = [count(page) for page in pages]
    for number in range(15):
        colleague(center, user__phone=None, user__name=f"陈{number}")
        factories.MembershipFactory(division=center.division, role="proxy_agent", user__password="!")
        factories.StaffFactory(center=center)
    assert [count(page) for page in pages] == before
