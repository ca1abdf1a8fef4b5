"""F10: how provider responses are interpreted, over real HTTP."""

import pytest

from portal.notifications.channels import Permanent, Transient, http
from tests import factories
from tests.faults.provider import Answer, Provider


@pytest.fixture
def provider(settings):
    with Provider() as provider:
        settings.MESSAGE_PROVIDERS = {"sms": {"url": provider.url, "token": "secret"}}
        yield provider


def send(provider: Provider, answer: Answer) -> None:
    provider.answer = lambda message: answer
    http.Http().send(factories.MessageFactory.build(pk=7))


FINE = ["", "{}", "[]", '{"code": 0}', '{"Code": "OK"}', '{"success": true}', '{"status": "queued", "error": null}']


@pytest.mark.parametrize("body", FINE)
def test_a_good_answer_is_taken(provider, body):
    send(provider, Answer(body=body))
    assert [received.to for received in provider.received] == ["13800005678"]


WRONG = ['{"code": 17}', '{"success": false}', '{"error": "busy"}', '{"Code": "isv.LIMIT"}', "<html>sign in</html>"]


@pytest.mark.parametrize("body", WRONG)
def test_an_error_inside_a_200_is_an_error(provider, body):
    with pytest.raises(Transient):
        send(provider, Answer(body=body))


def test_which_may_be_for_good(provider):
    with pytest.raises(Permanent):
        send(provider, Answer(body='{"error": "blocked", "permanent": true}'))


@pytest.mark.parametrize("status", [400, 410, 413, 422])
def test_a_refusal_of_the_message_is_for_good(provider, status):
    with pytest.raises(Permanent):
        send(provider, Answer(status=status))


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 502, 503, 504])
def test_a_refusal_of_us_or_of_the_moment_is_not(provider, status):
    with pytest.raises(Transient):
        send(provider, Answer(status=status))


def test_it_says_how_long_to_wait(provider):
    with pytest.raises(Transient) as raised:
        send(provider, Answer(status=429, headers={"Retry-After": "120"}))
    assert raised.value.after == 120


def test_a_redirect_is_not_followed_with_our_token(provider):
    with pytest.raises(Transient):
        send(provider, Answer(status=302, headers={"Location": provider.url}))
    assert len(provider.received) == 1


def test_a_hanging_provider_is_left_after_a_while(provider, monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT", 0.2)
    with pytest.raises(OSError):
        send(provider, Answer(delay=60))


def test_nobody_there_is_no_answer(settings):
    settings.MESSAGE_PROVIDERS = {"sms": {"url": "http://127.0.0.1:1/", "token": ""}}
    with pytest.raises(OSError):
        http.Http().send(factories.MessageFactory.build(pk=7))
