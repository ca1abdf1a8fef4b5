"""RFC 9116: whoever finds a vulnerability is told whom to tell."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from portal import env

pytestmark = pytest.mark.django_db


def fields(client) -> list[list[str]]:
    answer = client.get("/.well-known/security.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return [line.split(": ", 1) for line in answer.content.decode().splitlines()]


def test_it_names_the_contact_of_the_settings(client, settings):
    settings.SECURITY_CONTACTS = ["mailto:security@portal.example", "https://portal.example/report"]
    settings.SITE_URL = "https://portal.example"

    found = fields(client)

    assert [value for name, value in found if name == "Contact"] == settings.SECURITY_CONTACTS
    assert ["Canonical", "https://portal.example/.well-known/security.txt"] in found


def test_it_is_valid_for_less_than_a_year(client):
    [expires] = [value for name, value in fields(client) if name == "Expires"]

    left = datetime.fromisoformat(expires) - timezone.now()
    assert timedelta(days=30) < left < timedelta(days=365)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("security@portal.example", ["mailto:security@portal.example"]),
        ("mailto:a@b.example, tel:+8657100000000", ["mailto:a@b.example", "tel:+8657100000000"]),
        ("https://portal.example/report", ["https://portal.example/report"]),
    ],
)
def test_a_contact_is_written_as_an_address(monkeypatch, written, read):
    monkeypatch.setenv("SECURITY_CONTACT", written)
    assert env.contacts("SECURITY_CONTACT", "a@b.example") == read


@pytest.mark.parametrize(
    "written", ["", "nobody", "http://portal.example", "a@b.example\nContact: c@d.example", "a b@c"]
)
def test_anything_else_is_refused_at_the_start(monkeypatch, written):
    monkeypatch.setenv("SECURITY_CONTACT", written)
    with pytest.raises(ImproperlyConfigured, match="SECURITY_CONTACT"):
        env.contacts("SECURITY_CONTACT", "a@b.example")
