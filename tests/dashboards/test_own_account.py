"""The page of one's own account: each part with its state in words, linked from the header of every page."""

import pytest
from django.urls import reverse

from portal.accounts.models import User
from tests.fresh import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, villager):
    villager.phone_verified_at = villager.date_joined
    villager.set_unusable_password()
    villager.save()
    return signed_in(villager)


@pytest.mark.once
def test_every_page_leads_there_and_it_leads_on(client):
    assert f'href="{reverse("account")}"' in client.get(reverse("centers")).content.decode()

    page = client.get(reverse("account")).content.decode()

    for name in ("account_number", "account_set_password", "mfa_index", "usersessions_list", "account_logout"):
        assert f'href="{reverse(name)}"' in page
    assert "138****5678，验证过是您的" in page and "没有密码，用手机验证码登录" in page


@pytest.mark.once
def test_where_no_code_arrives_it_says_whom_to_ask(client, signed_in, cadre, settings):
    settings.MESSAGE_CHANNELS = settings.MESSAGE_CHANNELS | {"sms": ""}

    assert "到村里的中心" in client.get(reverse("account_number")).content.decode()
    assert "上一级的管理员" in signed_in(cadre).get(reverse("account_number")).content.decode()


class TestAnotherNumber:
    @pytest.fixture(autouse=True)
    def sent(self, settings, monkeypatch):
        codes: list[tuple[str, str]] = []
        monkeypatch.setattr("tests.accounts.sender.outbox", codes)
        settings.LOGIN_CODE_SENDER = "tests.accounts.sender.send"
        settings.MESSAGE_CHANNELS = settings.MESSAGE_CHANNELS | {"sms": "x.Provider"}
        self.codes = codes

    def take(self, client, phone="139 0000 7777", code=None):
        client.post(reverse("account_number"), {"phone": phone})
        return client.post(reverse("account_number_code"), {"code": code or self.codes[-1][1]})

    def test_the_code_that_was_sent_to_it_proves_it(self, client, villager):
        answer = self.take(fresh(client))

        villager.refresh_from_db()
        assert answer["Location"] == reverse("account")
        assert (self.codes[0][0], villager.phone) == ("13900007777", "13900007777") and villager.phone_verified_at

    def test_a_wrong_code_changes_nothing(self, client, villager):
        client = fresh(client)
        client.post(reverse("account_number"), {"phone": "13900007777"})
        wrong = "000000" if self.codes[-1][1] != "000000" else "111111"

        answer = client.post(reverse("account_number_code"), {"code": wrong})

        assert "验证码不对" in answer.content.decode()
        assert User.objects.get(pk=villager.pk).phone == "13800005678"

    def test_a_number_of_another_account_stays_with_it(self, client, villager, son):
        answer = self.take(fresh(client), son.phone)

        assert "已经有一个账户了" in answer.content.decode()
        assert User.objects.get(phone=son.phone) == son

    def test_who_signed_in_long_ago_is_asked_first(self, client, villager):
        stale = fresh(client, minutes_ago=11)
        assert "退出，再登录一次" in stale.get(reverse("account_number")).content.decode()
        self.take(fresh(client, minutes_ago=1))  # the control
        stale = fresh(client, minutes_ago=11)
        stale.post(reverse("account_number"), {"phone": "13900008888"})

        assert [phone for phone, _code in self.codes] == ["13900007777"]

    def test_a_password_is_asked_for_where_there_is_one(self, client, villager):
        villager.set_password("open-sesame-9")
        villager.save()
        client.force_login(villager)

        answer = fresh(client, minutes_ago=11).get(reverse("account_number"))

        assert answer["Location"].startswith(reverse("account_reauthenticate"))
