import pytest
from django.test import Client

from tests.accounts.conftest import sign_in, signed_in


@pytest.mark.parametrize("login", ["zhang", "13800005678", "138 0000 5678", "+8613800005678", "13800005678"])
def test_a_person_signs_in_by_name_or_by_phone_however_it_is_typed(client, villager, login):
    response = sign_in(client, login)
    assert response.status_code == 302
    assert response["Location"] == "/me/"
    assert signed_in(client)


def test_a_wrong_password_is_refused_with_what_to_do(client, villager):
    response = sign_in(client, "zhang", "wrong")
    assert "点下面的“忘了密码”" in response.content.decode()
    assert not signed_in(client)


def test_an_unknown_name_is_answered_like_a_wrong_password(client, villager):
    assert _error(sign_in(client, "nobody", "wrong")) == _error(sign_in(client, "zhang", "wrong"))


def test_a_disabled_account_is_not_signed_in(client, villager):
    villager.is_active = False
    villager.save()
    response = sign_in(client, "zhang")
    assert response["Location"] == "/accounts/inactive/"
    assert "停用" in client.get("/accounts/inactive/").content.decode()
    assert not signed_in(client)


def test_an_account_disabled_while_signed_in_is_out_on_the_next_request(client, villager):
    client.force_login(villager)
    villager.is_active = False
    villager.save()
    assert client.get("/accounts/sessions/")["Location"].startswith("/accounts/login/")


def test_signing_in_leads_on_to_where_one_was_going(client, villager):
    assert sign_in(client, "zhang", next="/accounts/sessions/")["Location"] == "/accounts/sessions/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(client, villager, elsewhere):
    assert sign_in(client, "zhang", next=elsewhere)["Location"] == "/me/"


def test_wrong_guesses_are_slowed_down(client, villager):
    answers = [sign_in(client, "zhang", "wrong") for _ in range(6)]
    assert "试的次数太多了" in answers[-1].content.decode()
    assert "试的次数太多了" not in answers[-2].content.decode()


def test_guesses_elsewhere_do_not_lock_the_owner_out(client, villager):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(20):
        sign_in(stranger, "zhang", "wrong")
    sign_in(client, "zhang")
    assert signed_in(client)


def test_the_owner_gets_in_from_the_same_address_half_a_minute_later(client, villager, time_machine):
    time_machine.move_to("2026-03-02T09:00:00+08:00", tick=False)
    for _ in range(20):
        sign_in(Client(), "zhang", "wrong")
    time_machine.move_to("2026-03-02T09:00:31+08:00", tick=False)
    sign_in(client, "zhang")
    assert signed_in(client)


def test_right_passwords_are_no_guesses(villager):
    clients = [Client() for _ in range(8)]
    for client in clients:
        sign_in(client, "zhang")
    assert all(signed_in(client) for client in clients)


def test_sign_up_is_closed(client, db):
    assert client.get("/accounts/signup/").status_code in (302, 404)


def _error(response) -> str:
    return str(response.context["form"].errors)
