"""The proxy's micro-cache holds only responses that are the same for everybody (deploy/nginx.conf)."""

import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


def cached_paths() -> re.Pattern:
    """The URL pattern of the one location with a cache."""
    places = re.findall(r"location ~ (\S+) \{([^}]*)\}", (settings.BASE_DIR / "deploy" / "nginx.conf").read_text())
    (pattern,) = [where for where, inside in places if "proxy_cache " in inside]
    return re.compile(pattern)


def test_an_answer_that_is_kept_sets_no_cookie(client, center, item):
    slots = f"/api/v1/centers/{center.code}/slots?item={item.code}&from=2026-12-01"
    for path in ("/api/v1/centers", f"/api/v1/centers/{center.code}", slots):
        assert cached_paths().search(path.partition("?")[0])
        assert not client.get(path).cookies


def test_a_page_that_gives_each_visitor_cookies_is_not_cached(client, center):
    page = f"/centers/{center.code}/"
    assert client.get(page).cookies
    assert not cached_paths().search(page)


@pytest.mark.parametrize("path", ["/api/v1/appointments/482913", "/bookings/abc/", "/me/", "/desk/"])
def test_what_is_about_one_person_is_not_cached(path):
    assert not cached_paths().search(path)


@pytest.mark.parametrize(
    "path",
    [
        "/bookings/b5Zs0_bG/print/",
        "/cases/b5Zs0_bG/",
        "/waiting/b5Zs0_bG/",
        "/tickets/b5Zs0_bG/",
        "/rate/b5Zs0_bG/",
        "/c/b5Zs0_bG",
        "/w/b5Zs0_bG",
        "/duty/b5Zs0_bG.ics",
        "/api/v1/appointments/482913",
    ],
)
def test_an_address_that_is_a_right_is_not_written_down(path):
    assert any(re.search(address, path) for address in hidden())
    assert not any(re.search(address, "/desk/duty/") for address in hidden())


def hidden() -> list[str]:
    """The URL patterns that the proxy does not log."""
    (inside,) = re.findall(
        r"map \$uri \$page \{(.*?)\n\}", (settings.BASE_DIR / "deploy" / "nginx.conf").read_text(), re.S
    )
    return [line.replace("(?<", "(?P<") for line in re.findall(r"~(\S+) ", inside)]
