"""The page of the message providers: a test goes through the real channel and says truly what became of it."""

import pytest
from django.urls import reverse

from portal.notifications.channels import Permanent
from portal.notifications.models import Message, State

pytestmark = pytest.mark.django_db

ADAPTER = f"{__name__}.Provider"
handed_over = []


class Provider:
    refuses = False

    def send(self, message: Message) -> None:
        if Provider.refuses:
            raise Permanent("HTTP 401 for 13900001111")
        handed_over.append(message)


@pytest.fixture
def officials(signed_in, county_official, settings):
    handed_over.clear()
    Provider.refuses = False
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": ADAPTER, "voice": ""}
    county_official.phone = "13900001111"
    county_official.save()
    return signed_in(county_official)


def test_a_test_goes_to_ones_own_number_and_is_listed(officials):
    answer = officials.post(reverse("provider_test", args=["sms"]), follow=True)

    assert [message.address for message in handed_over] == ["13900001111"]
    assert "对方接下了" in answer.content.decode()


def test_a_refusal_is_told_as_it_is_and_not_tried_again(officials):
    Provider.refuses = True
    answer = officials.post(reverse("provider_test", args=["sms"]), follow=True).content.decode()

    assert "没发出去" in answer and "HTTP 401" in answer and "13900001111" not in answer
    assert Message.objects.get().state == State.FAILED


def test_what_is_not_set_up_says_what_follows_and_sends_nothing(officials):
    page = officials.get(reverse("providers")).content.decode()
    answer = officials.post(reverse("provider_test", args=["voice"]), follow=True).content.decode()

    assert "VOICE_URL" in page and "要打电话" in page
    assert "还没有接" in answer and not Message.objects.exists()


def test_secrets_are_not_shown(officials, settings):
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "sms": "portal.notifications.channels.http.Http"}
    provider = {"url": "https://user:geheim@sms.example.cn/send?key=verborgen", "token": "abc123"}
    settings.MESSAGE_PROVIDERS = {**settings.MESSAGE_PROVIDERS, "sms": provider}
    page = officials.get(reverse("providers")).content.decode()

    assert "sms.example.cn" in page
    assert not any(secret in page for secret in ("geheim", "verborgen", "abc123"))


def test_the_sixth_in_an_hour_is_refused(officials):
    for _tap in range(6):
        answer = officials.post(reverse("provider_test", args=["sms"]), follow=True).content.decode()

    assert len(handed_over) == 5 and "试得太多了" in answer
