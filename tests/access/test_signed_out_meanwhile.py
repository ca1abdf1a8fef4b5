"""Signed out while idle: a step that is not taken says so, keeps what was typed, and comes back to its form."""

from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse

from centers.models import Resident
from portal.accounts import idle, kept_text, short_lived
from portal.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

TEXT, SITE = "原来写的字", "http://testserver"
SAID = "刚才那一步没有做成"


def go_idle(client) -> None:
    session = client.session
    session[idle.LAST_SEEN] = 1
    session.save()


@pytest.fixture
def desk(signed_in, cadre):
    return signed_in(cadre)


@pytest.fixture
def path(center) -> str:
    return reverse("desk_book")


def stop_at(client, path, **headers):
    go_idle(client)
    return client.post(path, {"name": TEXT, "phone": "13800005678"}, headers={"referer": SITE + path} | headers)


def test_nothing_is_done(desk, path):
    stop_at(desk, path)
    assert not Resident.objects.filter(name=TEXT).exists()


def test_a_fragment_leads_the_whole_page_there(desk, path):
    headers = {"hx-request": "true", "hx-current-url": f"{SITE}{path}?q=a"}
    answer = stop_at(desk, path, **headers)
    assert answer["HX-Redirect"] == f"/accounts/login/?{urlencode({'next': f'{path}?q=a'}, safe='/')}"


def test_somebody_else_who_signs_in_does_not_see_it(desk, path, manager):
    desk.get(stop_at(desk, path)["Location"])
    desk.force_login(manager)
    page = desk.get(path).content.decode()
    assert TEXT not in page and SAID not in page


def test_it_is_gone_after_a_while(desk, path, cadre, time_machine):
    time_machine.move_to("2026-12-01T02:00:00Z")
    desk.force_login(cadre)
    stop_at(desk, path)
    time_machine.move_to("2026-12-01T02:21:00Z")
    desk.force_login(cadre)
    assert TEXT not in desk.get(path).content.decode()


def test_nor_does_an_anonymous_visitor(desk, path, center):
    stop_at(desk, path)
    for page in (reverse("home"), reverse("center", args=[center.code]), "/accounts/login/"):
        assert TEXT not in desk.get(page).content.decode()


def test_until_then_every_page_leads_back_to_the_form(desk, path, cadre):
    stop_at(desk, path)
    desk.force_login(cadre)
    page = desk.get(reverse("desk")).content.decode()
    assert "您刚才有一步没有做成" in page and f'href="{path}"' in page
    assert TEXT in desk.get(path).content.decode()


def test_an_address_that_takes_only_forms_leads_to_the_start(desk, center, cadre):
    go_idle(desk)
    onward = desk.post(reverse("duty_calendar"), {"what": TEXT})["Location"].partition("next=")[2]
    desk.force_login(cadre)
    assert onward == reverse("duty_calendar")
    assert f"<li>{TEXT}</li>" in desk.get(onward, follow=True).content.decode()
    assert TEXT not in desk.get(reverse("desk")).content.decode()


@pytest.mark.parametrize(
    "referer",
    ["https://evil.example/desk/", "//evil.example", "javascript:alert(1)", "", "/accounts/login/", "http://["],
)
def test_another_site_is_no_page_of_ours(desk, path, referer):
    answer = stop_at(desk, path, referer=referer)
    assert answer["Location"] == f"/accounts/login/?next={path}"


def test_passwords_and_what_is_too_long_are_not_kept(desk, path):
    go_idle(desk)
    desk.post(path, {"password": "geheim", "name": "字" * kept_text.LARGEST})
    assert short_lived.get(desk.session, kept_text.NAME) is None


def test_a_missing_second_factor_keeps_it_too(client, settings, path, township, village):
    settings.REQUIRE_SECOND_FACTOR = True
    user: User = factories.MembershipFactory(division=township, role="township").user
    client.force_login(user)
    answer = client.post(path, {"name": TEXT}, headers={"referer": SITE + path})
    assert answer["Location"] == reverse("mfa_activate_totp")
    assert quote(TEXT) in short_lived.get(client.session, kept_text.NAME)["values"]
    assert SAID in client.get(reverse("account_logout")).content.decode()
    settings.REQUIRE_SECOND_FACTOR = False
    assert TEXT in client.get(path, follow=True).content.decode() or client.get(path).status_code in (403, 404)


def test_control_who_is_not_idle_takes_the_step(desk, path):
    desk.post(path, {"name": "王小明", "phone": "13800005678"})
    assert Resident.objects.filter(name="王小明").exists()


KEPT, LOST = "您填的内容还在", "填的内容没有留下"


@pytest.mark.parametrize(("length", "said", "unsaid"), [(20, KEPT, LOST), (51_000, LOST, KEPT)])
def test_what_is_too_long_is_not_said_to_be_kept(desk, path, length, said, unsaid):
    go_idle(desk)
    page = desk.post(path, {"name": "王" * length}, headers={"referer": SITE + path}, follow=True).content.decode()
    assert said in page and unsaid not in page


def test_nor_is_what_is_typed_on_the_pages_of_the_account(desk):
    go_idle(desk)
    typed = {"oldpassword": "x", "password1": "y", "password2": "y"}
    page = desk.post(reverse("account_change_password"), typed, follow=True).content.decode()
    assert SAID in page and LOST in page and KEPT not in page
