"""A lost second factor, a forgotten password, another number: by the level above, and the person is told."""

import pytest
from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from django.test import Client

from centers.models import MemberChange
from portal.accounts.models import Invitation, User
from portal.accounts.roles import Role
from tests import factories
from tests.centers.members.steps import PASSWORD, code_on, colleague, is_in, proven, use

pytestmark = pytest.mark.django_db
REASON = {"reason": "手机丢了", "seen": "on"}


@pytest.fixture
def member(center) -> User:
    return colleague(center).user


@pytest.fixture
def factor(member) -> Authenticator:
    return Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={"secret": "x"})


def lost_factor(client: Client, member: User, **said):
    return client.post(f"/manage/members/{member.pk}/help/", REASON | {"what": "factor"} | said)


def test_a_lost_second_factor_ends_everything_but_the_new_slip(manager, member, factor, signed_in):
    hers = signed_in(member)
    slip = lost_factor(proven(manager), member)
    assert not Authenticator.objects.exists()
    assert hers.get("/desk/")["Location"].startswith("/accounts/login/")
    assert not is_in(proven(member))
    assert is_in(use(code_on(slip)))


def test_an_official_sets_up_a_new_one(county_official, township, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    helper = proven(county_official)
    official = factories.MembershipFactory(division=township, role=Role.TOWNSHIP, user__phone="13700008888").user
    code = code_on(lost_factor(helper, official))
    settings.REQUIRE_SECOND_FACTOR = True
    phone = use(code)
    assert phone.get("/oversight/")["Location"] == "/accounts/2fa/totp/activate/"


def test_a_forgotten_password_is_valid_until_the_slip_is_used(manager, member, factor):
    slip = lost_factor(proven(manager), member, what="password")
    assert Authenticator.objects.exists()
    assert User.objects.get(pk=member.pk).check_password("demo-jiamenkou")
    answer = Client().post(f"/accounts/in/{code_on(slip)}/", PASSWORD)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")


def test_another_number_is_the_new_login_and_stands_on_the_roster(center, manager, member):
    listed = factories.StaffFactory(center=center, user=member, phone=member.phone)
    slip = proven(manager).post(f"/manage/members/{member.pk}/number/", REASON | {"phone": "13700009999"})
    assert is_in(use(code_on(slip)))
    member.refresh_from_db()
    listed.refresh_from_db()
    assert (member.phone, member.phone_verified_at, listed.phone) == ("13700009999", None, "13700009999")


def test_a_number_of_another_account_is_refused(manager, member):
    factories.UserFactory(phone="13700009999")
    page = proven(manager).post(f"/manage/members/{member.pk}/number/", REASON | {"phone": "13700009999"})
    assert "已经是另一个账号的" in page.content.decode()
    assert not Invitation.objects.exists()


def test_who_did_it_and_why_is_logged_and_told(manager, member, signed_in):
    User.objects.filter(pk=manager.pk).update(name="赵主任")
    slip = lost_factor(proven(manager), member)
    change = MemberChange.objects.get()
    assert (change.by, change.reason) == (manager, "手机丢了")
    assert LogEntry.objects.get_for_object(change).get().actor == manager
    inbox = use(code_on(slip)).get("/me/messages/").content.decode()
    assert "赵主任重设了动态口令。原因：手机丢了。" in inbox


def test_who_has_not_seen_the_person_helps_nobody(manager, member):
    page = lost_factor(proven(manager), member, seen="")
    assert "我见到了本人" in page.content.decode()
    assert not Invitation.objects.exists()


def test_whoever_helps_proves_that_it_is_still_them(manager, member, signed_in):
    client = signed_in(manager)
    page = client.get(f"/manage/members/{member.pk}/help/")
    assert page["Location"].startswith("/accounts/reauthenticate/")
    asked = lost_factor(client, member)
    assert not Invitation.objects.exists()
    slip = client.post(asked["Location"], {"password": "demo-jiamenkou"})
    assert is_in(use(code_on(slip)))


@pytest.mark.parametrize("page", ["help", "number", "switch"])
def test_nobody_helps_themselves_or_who_is_beside_them(center, manager, page):
    beside = factories.MembershipFactory(division=center.division, role=Role.MANAGER).user
    answers = [proven(manager).get(f"/manage/members/{pk}/{page}/").status_code for pk in (manager.pk, beside.pk)]
    assert answers == [403, 403]


def test_who_has_a_second_post_above_is_helped_above(center, township, manager, officer, member):
    """Else the manager would open the township's account."""
    factories.MembershipFactory(user=member, division=township, role=Role.LIAISON)
    assert proven(manager).get(f"/manage/members/{member.pk}/help/").status_code == 403
    assert proven(officer).get(f"/manage/members/{member.pk}/help/").status_code == 200


def test_a_disabled_account_is_out_and_comes_back(manager, member, signed_in):
    hers, client, address = signed_in(member), signed_in(manager), f"/manage/members/{member.pk}/switch/"
    client.post(address, {"reason": "调走", "wants": "disabled"})
    assert hers.get("/desk/")["Location"].startswith("/accounts/login/")
    assert "停用" in client.get("/manage/members/").content.decode()
    client.post(address, {"reason": "回来了", "wants": "active"})
    assert is_in(proven(member))


def test_two_who_disable_at_once_are_told(manager, officer, member, signed_in):
    address, said = f"/manage/members/{member.pk}/switch/", {"reason": "调走", "wants": "disabled"}
    signed_in(officer).post(address, said)
    assert "刚刚被别人改过了" in signed_in(manager).post(address, said, follow=True).content.decode()
    assert MemberChange.objects.count() == 1
