"""Bundles: small, cached for a year, never stale."""

import gzip

import pytest
from django.urls import reverse

from portal.ui import assets


def fetch(client, name="app.css", digest=None, **headers):
    digest = digest or assets.bundle(name).digest
    return client.get(reverse("asset", kwargs={"digest": digest, "name": name}), headers=headers)


@pytest.fixture(autouse=True)
def _database(db):
    """Signed-in people are looked up on the way."""


def test_a_named_file_is_kept_for_a_year(client):
    assert "immutable" in fetch(client)["Cache-Control"]


def test_an_old_address_gets_todays_file_and_is_not_cached(client):
    response = fetch(client, digest="0ld")
    assert response["Cache-Control"] == "no-cache"
    assert response.content == assets.bundle("app.css").body


def test_it_travels_compressed(client):
    response = fetch(client, accept_encoding="gzip")
    assert gzip.decompress(response.content) == assets.bundle("app.css").body


def test_other_files_are_not_served(client):
    assert client.get("/assets/x/settings.py").status_code == 404


def test_tokens_come_first_and_paper_last():
    css = assets.bundle("app.css").body.decode()
    assert css.index("--paper") < css.index(".button") < css.index("@media print")


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("app.css", 12_000),
        ("app.js", 4_000),
        ("icon.svg", 1_000),
        ("sheet.css", 1_000),
        ("sheet.js", 5_000),
        ("worker.js", 1_500),
    ],
)
def test_each_file_stays_small_on_the_wire(name, limit):
    assert len(assets.bundle(name).gzipped) <= limit
