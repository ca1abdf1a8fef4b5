"""An invitation slip lets somebody in without an SMS: printed, used once, valid for seven days."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from portal.accounts import invitations
from portal.accounts.models import Invitation, User
from tests.accounts.conftest import PASSWORD, ask_for_code, give_code, sign_in, signed_in
from tests.together import together

NEW = {"password1": "wheat-brick-61", "password2": "wheat-brick-61"}


@pytest.fixture
def colleague(db) -> User:
    return User.objects.create_user("s1", None, name="李红梅", phone="13700002222")


@pytest.fixture
def code(colleague, official) -> str:
    return invitations.issue(user=colleague, by=official)[1]


def signed_in_as(client: Client, login: str) -> bool:
    sign_in(client, login, NEW["password1"])
    return signed_in(client)


def page_of(code: str) -> str:
    return f"/accounts/in/{code}/"


def test_who_scans_it_sets_a_password_and_is_signed_in(client, code, colleague):
    assert "李红梅，您好" in client.get(page_of(code)).content.decode()
    assert client.post(page_of(code), NEW)["Location"] == "/me/"
    assert signed_in(client)
    assert signed_in_as(Client(), colleague.phone)


@pytest.mark.parametrize("spelled", [str, str.lower, lambda said: said.replace(" ", "-")])
def test_who_cannot_scan_types_it_as_they_read_it(client, code, spelled):
    said = spelled(invitations.as_printed(code))
    assert client.post("/accounts/in/", {"code": said})["Location"] == page_of(code)


def test_without_a_number_they_choose_a_login_name(client, official):
    nobody = User.objects.create_user("s2", None, name="赵小兰")
    code = invitations.issue(user=nobody, by=official)[1]
    User.objects.create_user("xiao", None)
    assert "这个登录名有人用了" in client.post(page_of(code), NEW | {"username": "XIAO"}).content.decode()
    client.post(page_of(code), NEW | {"username": "XiaoLan"})
    assert signed_in_as(Client(), "xiaolan")


def used(code, colleague, official) -> None:
    Client().post(page_of(code), NEW)


def expired(code, colleague, official) -> None:
    Invitation.objects.update(expires_at=timezone.now())


def replaced(code, colleague, official) -> None:
    invitations.issue(user=colleague, by=official)


def disabled(code, colleague, official) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)


@pytest.mark.parametrize("before", [used, expired, replaced, disabled])
def test_one_that_is_over_opens_nothing(client, code, colleague, official, before):
    before(code, colleague, official)
    answer = client.post(page_of(code), {"password1": "other-words-77", "password2": "other-words-77"})
    assert "这张邀请单打不开" in answer.content.decode()
    assert not signed_in(client)


def test_it_is_valid_for_seven_days(code):
    assert Invitation.objects.get().expires_at - timezone.now() > timedelta(days=6, hours=23)


def test_opening_it_uses_nothing_up(client, code):
    for _preview in range(3):
        client.get(page_of(code))
    client.post(page_of(code), {"password1": "1234", "password2": "1234"})
    assert client.post(page_of(code), NEW).status_code == 302


def test_the_code_stands_nowhere_in_the_table(code):
    row = Invitation.objects.values().get()
    assert not [value for value in row.values() if code in str(value)]


def test_wrong_codes_are_limited_and_right_ones_are_not_counted(client, code, settings):
    settings.RATE_LIMITS = True
    for _time in range(invitations.TRIES_PER_ADDRESS + 5):
        assert client.get(page_of(code)).status_code == 200
    for _time in range(invitations.TRIES_PER_ADDRESS):
        client.get(page_of("A" * invitations.LENGTH))
    assert client.get(page_of(code)).status_code == 429


def test_whoever_else_is_signed_in_is_asked_to_sign_out_first(client, code, villager):
    client.force_login(villager)
    assert "这张邀请单是给李红梅的" in client.post(page_of(code), NEW).content.decode()
    assert Invitation.objects.standing().exists()


def test_after_another_way_in_the_paper_opens_nothing(code, colleague):
    Client().force_login(colleague)
    assert not Invitation.objects.standing().exists()


def test_a_second_factor_is_asked_for_as_after_a_password(client, code, colleague):
    Authenticator.objects.create(user=colleague, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.post(page_of(code), NEW)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not signed_in(client)


def test_an_account_that_was_reset_opens_by_its_slip_only(client, colleague, official, sent):
    colleague.set_password(PASSWORD)
    colleague.save()
    invitations.issue(user=colleague, by=official, is_only_way=True)
    code = invitations.issue(user=colleague, by=official)[1]  # the first one was lost
    assert sign_in(client, colleague.phone)["Location"] == "/accounts/in/"
    ask_for_code(client, colleague.phone)
    assert give_code(client, sent[-1][1])["Location"] == "/accounts/in/"
    assert not signed_in(client)
    client.post(page_of(code), NEW)
    assert signed_in(client)
    assert signed_in_as(Client(), colleague.phone)


def test_an_account_that_sleeps_is_woken(client, code, colleague):
    User.objects.update(asleep_since=timezone.now())
    client.post(page_of(code), NEW)
    colleague.refresh_from_db()
    assert colleague.asleep_since is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_is_let_in(code):
    answers = together(
        lambda words: Client().post(page_of(code), {"password1": words, "password2": words}),
        [
            "wheat-brick-61",
            "pine-river-72",
        ],
    )
    assert sorted(answer.status_code for answer in answers) == [302, 422]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_printed_at_once_one_is_valid(colleague, official):
    made = together(lambda by: invitations.issue(user=colleague, by=by), [official] * 4)
    assert [isinstance(one, tuple) for one in made] == [True] * 4
    assert Invitation.objects.standing().count() == 1
