"""A colleague is invited by the level above, with a slip, and is on the roster at once."""

import pytest
from django.test import Client

from centers.models import Membership, Staff
from portal.accounts.models import Invitation, User
from portal.accounts.roles import Role
from tests import factories
from tests.centers.members.steps import code_on, colleague, form_of, invite, is_in, use
from tests.together import together

pytestmark = pytest.mark.django_db


def test_a_manager_invites_who_comes_in_and_is_on_the_roster(center, manager, signed_in):
    slip = invite(signed_in(manager), center, title="村委会委员")
    phone = use(code_on(slip))
    assert is_in(phone)
    assert phone.get("/desk/").status_code == 200
    assert phone.get("/manage/members/").status_code == 403
    person = Staff.objects.get(center=center)
    assert (person.name, person.title, person.user.phone) == ("李红梅", "村委会委员", "13700002222")


def test_somebody_of_the_roster_is_linked_and_needs_no_name(center, manager, signed_in):
    listed = factories.StaffFactory(center=center, name="孙梅", phone="13700004444")
    page = signed_in(manager).get(f"/manage/members/new/?at={center.code}&staff={listed.pk}").content.decode()
    assert 'value="137 0000 4444"' in page
    invite(signed_in(manager), center, name="", roster=str(listed.pk), phone="13700004444")
    listed.refresh_from_db()
    assert (listed.user.name, Staff.objects.count()) == ("孙梅", 1)


def test_another_name_than_on_the_roster_is_asked_about(center, manager, signed_in):
    listed = factories.StaffFactory(center=center, name="孙梅")
    page = invite(signed_in(manager), center, name="李红梅", roster=str(listed.pk))
    assert "值班名单里选的是孙梅，姓名填的是李红梅" in page.content.decode()
    assert not User.objects.filter(name="李红梅").exists()


@pytest.mark.parametrize(
    ("who", "at", "offered"),
    [
        ("manager", "center", ["proxy_agent"]),
        ("officer", "center", ["proxy_agent", "manager", "liaison"]),
        ("officer", "township", ["liaison"]),
        ("county_official", "township", ["liaison", "township"]),
    ],
)
def test_nobody_is_offered_a_role_above_or_beside_their_own(request, signed_in, center, who, at, offered):
    client, place = signed_in(request.getfixturevalue(who)), request.getfixturevalue(at)
    address = f"/manage/members/new/?at={place.code}"
    assert [value for value, _label in client.get(address).context["form"].fields["role"].choices] == offered
    beside = Membership.objects.get(user__username=client.get(address).context["user"].username).role
    page = client.post(address, form_of(center, role=beside)[1])
    assert page.context["form"].errors["role"]


def test_the_county_gives_no_role_of_a_county(county, county_official, signed_in):
    assert signed_in(county_official).get(f"/manage/members/new/?at={county.code}").status_code == 404


def test_a_form_sent_twice_invites_once_and_the_second_slip_counts(center, manager, signed_in):
    address, form = form_of(center)
    first, second = (signed_in(manager).post(address, form) for _time in range(2))
    assert (User.objects.filter(name="李红梅").count(), Staff.objects.count()) == (1, 1)
    assert not is_in(use(code_on(first)))
    assert is_in(use(code_on(second)))


def test_who_is_there_already_is_not_invited_again(center, manager, signed_in):
    invite(signed_in(manager), center)
    assert "李红梅已经是柳湾村的代办员了" in invite(signed_in(manager), center).content.decode()


def test_of_two_of_one_name_without_numbers_the_second_needs_one(center, manager, signed_in):
    invite(signed_in(manager), center, phone="")
    assert "已经有一位李红梅" in invite(signed_in(manager), center, phone="").content.decode()
    assert code_on(invite(signed_in(manager), center, phone="13700005555"))


def test_who_has_an_account_keeps_it_and_gets_no_slip(center, manager, signed_in, resident):
    villager = factories.UserFactory(name="李红梅", phone="13700002222", last_login="2026-11-01T00:00:00Z")
    factories.FamilyLinkFactory(user=villager, resident=resident)
    page = invite(signed_in(manager), center)
    assert page["Location"] == f"/manage/members/{villager.pk}/"
    assert not Invitation.objects.exists()
    assert Membership.objects.get(user=villager).role == Role.PROXY_AGENT


def named_otherwise(other_center) -> None:
    factories.UserFactory(name="王红梅", phone="13700002222")


def from_elsewhere(other_center) -> None:
    colleague(other_center, user__name="李红梅", user__phone="13700002222")


def disabled(other_center) -> None:
    factories.UserFactory(name="李红梅", phone="13700002222", is_active=False)


@pytest.mark.parametrize(
    ("before", "said"),
    [(named_otherwise, "另一个人的账号"), (from_elsewhere, "由上一级来请"), (disabled, "停用了")],
)
def test_nobody_reaches_an_account_that_is_not_theirs(center, other_center, manager, signed_in, before, said):
    """Whoever gives a role may later reset the account."""
    before(other_center)
    assert said in invite(signed_in(manager), center).content.decode()
    assert not Membership.objects.filter(division=center.division).exclude(user=manager).exists()


def test_an_official_who_was_never_in_is_not_let_in_by_a_manager(center, township, manager, signed_in):
    """An account that a sheet made for the township's official opens by no slip of the village's."""
    official = factories.MembershipFactory(
        division=township, role=Role.TOWNSHIP, user__name="李红梅", user__phone="13700002222", user__password="!"
    ).user
    factories.MembershipFactory(division=center.division, role=Role.LIAISON, user=official)
    assert invite(signed_in(manager), center)["Location"] == f"/manage/members/{official.pk}/"
    assert signed_in(manager).post(f"/manage/members/{official.pk}/slip/").status_code == 302
    assert not Invitation.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_person_at_once_invite_once(center, manager, officer, signed_in):
    clients = [signed_in(manager), signed_in(officer)]
    answers = together(lambda client: invite(client, center, phone="", roster=""), clients)
    assert [getattr(answer, "status_code", answer) for answer in answers].count(200) >= 1
    assert User.objects.filter(name="李红梅").count() == 1
    assert Membership.objects.filter(user__name="李红梅").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_forms_for_one_number_at_once_make_one_account(center, manager, officer, signed_in):
    clients: list[Client] = [signed_in(manager), signed_in(officer)]
    together(lambda client: invite(client, center), clients)
    assert User.objects.filter(phone="13700002222").count() == 1
    assert (Membership.objects.filter(user__phone="13700002222").count(), Staff.objects.count()) == (1, 1)
