import logging

import pytest

from tests.accounts.conftest import PASSWORD, ask_for_code, give_code, sign_in


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.WARNING, logger="portal.requests")
    caplog.set_level(logging.INFO, logger="portal.accounts.sign_in_log")
    return caplog


def test_signing_in_and_out_is_logged(client, villager, log):
    sign_in(client, "zhang")
    client.post("/accounts/logout/")
    assert log.messages == [
        f"signed in user={villager.pk} address=127.0.0.1",
        f"signed out user={villager.pk} address=127.0.0.1",
    ]


def test_a_refusal_is_logged_with_the_number_masked(client, villager, log):
    sign_in(client, "13800005678", "wrong")
    assert log.messages == ["refused login=138****5678 address=127.0.0.1"]


def test_a_line_break_cannot_forge_an_entry(client, villager, log):
    sign_in(client, "x\nsigned in user=root", "wrong")
    assert len("".join(log.messages).splitlines()) == 1


def test_no_password_code_or_number_is_logged(client, villager, sent, log):
    sign_in(client, "13800005678")
    client.post("/accounts/logout/")
    ask_for_code(client, "13800005678")
    give_code(client, sent[0][1])
    kept = log.text
    assert not any(secret in kept for secret in (PASSWORD, sent[0][1], "13800005678"))
