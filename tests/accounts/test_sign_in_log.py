import logging

import pytest

from tests.accounts.conftest import PASSWORD, ask_for_code, give_code, sign_in


@pytest.fixture
def journal(caplog):
    caplog.set_level(logging.WARNING, logger="portal.requests")
    caplog.set_level(logging.INFO, logger="portal.accounts.sign_in_log")
    return caplog


def test_signing_in_and_out_is_kept(client, villager, journal):
    sign_in(client, "zhang")
    client.post("/accounts/logout/")
    assert journal.messages == [
        f"signed in user={villager.pk} address=127.0.0.1",
        f"signed out user={villager.pk} address=127.0.0.1",
    ]


def test_a_refusal_is_kept_with_the_number_masked(client, villager, journal):
    sign_in(client, "13800005678", "wrong")
    assert journal.messages == ["refused login=138****5678 address=127.0.0.1"]


def test_a_line_break_cannot_forge_an_entry(client, villager, journal):
    sign_in(client, "x\nsigned in user=root", "wrong")
    assert len("".join(journal.messages).splitlines()) == 1


def test_no_password_code_or_number_is_kept(client, villager, sent, journal):
    sign_in(client, "13800005678")
    client.post("/accounts/logout/")
    ask_for_code(client, "13800005678")
    give_code(client, sent[0][1])
    kept = journal.text
    assert not any(secret in kept for secret in (PASSWORD, sent[0][1], "13800005678"))
