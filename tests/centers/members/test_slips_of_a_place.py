"""Slips for all of a village or township who cannot sign in yet, on sheets of four."""

import re

import pytest

from centers.models import Membership
from tests import factories
from tests.centers.members.steps import colleague, invite, is_in, use

pytestmark = pytest.mark.django_db
PAGE = "/manage/members/slips/"


def codes_on(page) -> list[str]:
    return [a + b for a, b in re.findall(r'class="slip__digits">(\w{5}) (\w{5})<', page.content.decode())]


def offered(client) -> dict[str, str]:
    choices = client.get(PAGE).context["form"].fields["people"].choices
    return {key: label for _group, rows in choices for key, label in rows}


def test_who_waits_and_who_is_on_a_roster_without_a_login_are_offered(center, other_center, officer, signed_in):
    client = signed_in(officer)
    colleague(center)
    invite(client, center)
    factories.StaffFactory(center=center, name="孙梅")
    factories.StaffFactory(center=other_center, name="石小军")
    assert [label.split(" · ")[0] for label in offered(client).values()] == ["李红梅", "孙梅"]


def test_all_slips_let_their_people_in(center, manager, signed_in):
    client = signed_in(manager)
    invite(client, center)
    listed = factories.StaffFactory(center=center, name="孙梅", phone="13700004444")
    codes = codes_on(client.post(PAGE, {"people": list(offered(client))}))
    assert [is_in(use(code)) for code in codes] == [True, True]
    listed.refresh_from_db()
    assert Membership.objects.get(user=listed.user).role == "proxy_agent"


def test_nobody_prints_for_people_of_another_place(center, other_center, manager, signed_in):
    theirs = factories.StaffFactory(center=other_center, name="石小军")
    page = signed_in(manager).post(PAGE, {"people": [f"s{theirs.pk}"]})
    assert codes_on(page) == []
    assert not Membership.objects.filter(user__name="石小军").exists()


def test_who_gets_none_is_named_with_the_reason(center, manager, signed_in):
    factories.UserFactory(name="别人", phone="13700004444")
    listed = factories.StaffFactory(center=center, name="孙梅", phone="13700004444")
    page = signed_in(manager).post(PAGE, {"people": [f"s{listed.pk}"]})
    assert "孙梅的没有打印" in page.content.decode()
