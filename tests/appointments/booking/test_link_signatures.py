"""The signature's key is cached; it must equal Django's own signature and must not outlive a rotated secret."""

import pytest
from django.utils.crypto import salted_hmac
from django.utils.http import int_to_base36

from appointments.booking import confirmation
from portal.ui import signing
from tests import factories

pytestmark = pytest.mark.django_db


def signed_by_django(purpose: str, about: str) -> str:
    number, letters = int.from_bytes(salted_hmac(purpose, about, algorithm="sha256").digest()[:8]), ""
    while len(letters) < signing.SHORT:
        number, at = divmod(number, len(signing.ALPHABET))
        letters += signing.ALPHABET[at]
    return letters


def test_a_link_is_signed_as_django_signs_with_the_secret_of_now(settings):
    booked = factories.AppointmentFactory()
    number = int_to_base36(booked.pk)
    for settings.SECRET_KEY in ("one secret", "another secret"):
        token = f"{signed_by_django('link:answer', f'b:{number}:0')}b{number}"
        assert confirmation.answer_link(booked, "b").endswith(f"/c/{token}")
        assert confirmation.to_answer(token).appointment == booked


def test_a_link_signed_with_another_secret_is_nobodys(settings):
    booked = factories.AppointmentFactory()
    token = confirmation.answer_link(booked, "b").rsplit("/", 1)[1]
    settings.SECRET_KEY = "another secret"
    assert confirmation.to_answer(token) is None
