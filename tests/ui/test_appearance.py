"""Elder mode and high contrast: cookies, and the redirect back."""

import pytest
from django.urls import reverse


@pytest.fixture(autouse=True)
def _database(db):
    """Pages ask who is signed in."""


def choose(client, **choices):
    return client.post(reverse("look"), {"next": "/styleguide/", **choices})


def test_elder_mode_stays_on(client):
    choose(client, look="elder")
    assert b'data-look="elder"' in client.get("/styleguide/").content


def test_elder_mode_can_be_left(client):
    choose(client, look="elder")
    choose(client, look="plain")
    assert b'data-look="elder"' not in client.get("/styleguide/").content


def test_elder_text_grows_to_the_third_size(client):
    choose(client, look="elder", text="2")
    choose(client, text="3")
    assert b'data-text="3"' in client.get("/styleguide/").content


def test_contrast_and_elder_mode_go_together(client):
    choose(client, look="elder")
    choose(client, contrast="high")
    page = client.get("/styleguide/").content
    assert b'data-look="elder"' in page
    assert b'data-contrast="high"' in page


def test_the_choice_is_kept_for_a_year_and_not_read_by_scripts(client):
    cookie = choose(client, look="elder").cookies["look"]
    assert (cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (31536000, "Lax", True)


def test_one_comes_back_to_the_same_page(client):
    assert choose(client, look="elder", next="/styleguide/?page=2").url == "/styleguide/?page=2"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", "http:///evil.example", ""],
)
def test_nobody_is_led_elsewhere(client, elsewhere):
    assert choose(client, look="elder", next=elsewhere).url == "/"


@pytest.mark.parametrize("value", ["huge", "<script>", "\x00", "９"])
def test_an_unknown_choice_is_the_plain_one(client, value):
    choose(client, look=value, text=value, contrast=value)
    page = client.get("/styleguide/").content.decode()
    assert "data-look=" not in page
    assert "data-contrast=" not in page


def test_a_forged_cookie_never_reaches_the_page(client):
    client.cookies["look"] = '"><script>'
    assert b"><script>" not in client.get("/styleguide/").content.split(b"<body")[0].split(b"<head>")[0]


def test_it_cannot_be_done_by_a_link(client):
    assert client.get(reverse("look")).status_code == 405
