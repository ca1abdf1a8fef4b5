"""The proxy keeps for a second only what everybody sees alike (deploy/nginx.conf)."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


def kept() -> re.Pattern:
    """The addresses of the one place that has a cache."""
    places = re.findall(r"location ~ (\S+) \{([^}]*)\}", (settings.BASE_DIR / "deploy" / "nginx.conf").read_text())
    (pattern,) = [where for where, inside in places if "proxy_cache " in inside]
    return re.compile(pattern)


def test_an_answer_that_is_kept_sets_no_cookie(client, center, item):
    slots = f"/api/v1/centers/{center.code}/slots?item={item.code}&from=2026-12-01"
    for path in ("/api/v1/centers", f"/api/v1/centers/{center.code}", slots):
        assert kept().search(path.partition("?")[0])
        assert not client.get(path).cookies


def test_a_page_that_gives_each_visitor_cookies_is_not_kept(client, center):
    page = f"/centers/{center.code}/"
    assert client.get(page).cookies
    assert not kept().search(page)


@pytest.mark.parametrize("path", ["/api/v1/appointments/482913", "/bookings/abc/", "/me/", "/desk/"])
def test_what_is_about_one_person_is_not_kept(path):
    assert not kept().search(path)
