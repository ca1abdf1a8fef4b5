"""What search engines may ask for: pages of centers and items, and nothing that belongs to one person."""

import re
from urllib.robotparser import RobotFileParser

import pytest
from django.urls import reverse

from tests.test_addresses import addresses

pytestmark = pytest.mark.django_db

FOR_EVERYBODY = {"home", "centers", "center", "items", "item"}
FILES = {"asset", "favicon", "robots", "security_txt", "sitemap", "sitemap_pages", "sitemap_centers"}


@pytest.fixture
def rules(client) -> list[tuple[str, str]]:
    """(allow or disallow, pattern)"""
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    lines = [line.partition(": ") for line in answer.content.decode().splitlines()]
    return [(field, value) for field, _, value in lines if field in ("Allow", "Disallow")]


def may_ask(rules, path: str) -> bool:
    """RFC 9309: the longest match decides, and of two as long the one that allows."""
    found = [(len(pattern), field == "Allow") for field, pattern in rules if matches(pattern, path)]
    return max(found, default=(0, True))[1]


def matches(pattern: str, path: str) -> bool:
    wanted = re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$")
    return re.match(wanted, path) is not None


def test_every_address_is_let_in_or_kept_out_on_purpose(rules):
    let_in = {name for name, path, _public in addresses() if may_ask(rules, path)}

    assert let_in - {"robots"} == FOR_EVERYBODY | FILES - {"robots"}


@pytest.mark.parametrize(
    "path",
    [
        "/bookings/Ab3dEf/",
        "/bookings/Ab3dEf/calendar.ics",
        "/cases/Ab3dEf/",
        "/tickets/Ab3dEf/",
        "/waiting/Ab3dEf/",
        "/c/token",
        "/w/token",
        "/rate/token/",
        "/duty/token.ics",
        "/desk/",
        "/me/",
        "/centers/990101100201/ticket/",
        "/centers/990101100201/here/",
        "/centers/990101100201/book/yanglao/7/?draft=ab",
        "/centers/?q=x",
    ],
)
def test_what_is_personal_is_kept_out(rules, path):
    assert not may_ask(rules, path)


@pytest.mark.parametrize("path", ["/", "/centers/", "/centers/990101100201/", "/items/yanglao/", "/activities/7/"])
def test_what_is_for_everybody_is_let_in(rules, path):
    assert may_ask(rules, path)


@pytest.mark.parametrize("path", ["/bookings/x/", "/cases/x/", "/tickets/x/", "/c/x", "/w/x", "/rate/x/", "/desk/"])
def test_a_simple_reader_without_patterns_keeps_out_as_well(client, path):
    reader = RobotFileParser()
    reader.parse(client.get("/robots.txt").content.decode().splitlines())

    assert not reader.can_fetch("*", path)
    assert reader.can_fetch("*", "/centers/990101100201/")


def test_it_names_the_sitemap_with_its_whole_address(client, settings):
    settings.SITE_URL = "https://portal.example"

    assert f"Sitemap: https://portal.example{reverse('sitemap')}" in client.get("/robots.txt").content.decode()
