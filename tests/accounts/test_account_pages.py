"""Every account page is in Chinese, in our layout, and says what to do."""

import re

import pytest

from tests.accounts.conftest import sign_in

FOR_STRANGERS = ["login/", "login/code/", "password/reset/", "inactive/"]
FOR_OWNERS = ["logout/", "password/change/", "sessions/", "2fa/", "2fa/totp/activate/"]


@pytest.mark.parametrize("path", FOR_STRANGERS)
def test_a_stranger_reads_it(client, db, path):
    check(client.get(f"/accounts/{path}"))


@pytest.mark.parametrize("path", FOR_OWNERS)
def test_its_owner_reads_it(client, villager, path):
    sign_in(client, "zhang")
    check(client.get(f"/accounts/{path}"))


def test_whoever_has_no_password_yet_sets_one(client, villager):
    villager.set_unusable_password()
    villager.save()
    client.force_login(villager)
    check(client.get("/accounts/password/change/", follow=True))


@pytest.mark.parametrize("path", FOR_OWNERS)
def test_ones_account_is_closed_to_strangers(client, db, path):
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 302
    assert response["Location"].startswith(("/accounts/login/", "/"))


@pytest.mark.parametrize("path", ["email/", "signup/", "confirm-email/", "password/reset/done/", "phone/change/"])
def test_what_we_do_not_offer_does_not_exist(client, villager, path):
    sign_in(client, "zhang")
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_demo_lists_its_logins(client, db, settings):
    settings.DEMO = True
    page = client.get("/accounts/login/").content.decode()
    assert [name for name in settings.DEMO_LOGINS if f'value="{name}"' not in page] == []
    assert page.count(f'value="{settings.DEMO_PASSWORD}"') == len(settings.DEMO_LOGINS)


def test_a_real_site_lists_none(client, db, settings):
    assert settings.DEMO_PASSWORD not in client.get("/accounts/login/").content.decode()


def check(response) -> None:
    assert response.status_code == 200
    page = response.content.decode()
    assert page.count("<h1>") == 1
    assert not re.search(r"style=|onclick=|javascript:", page)
    main = re.sub(r"<[^>]+>|Mozilla\S*|\b[A-Z2-7]{32}\b", " ", page[page.index("<main") : page.index("</main")])
    assert not re.search(r"[A-Za-z]{4,}", main), re.findall(r"[A-Za-z]{4,}", main)
