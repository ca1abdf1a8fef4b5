"""The proxy's micro-cache holds only responses that are the same for everybody (deploy/nginx.conf)."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from tests import factories
from tests.test_addresses import addresses_with_views

pytestmark = pytest.mark.django_db


def cached_paths() -> re.Pattern:
    """The URL pattern of the one location with a cache."""
    places = re.findall(r'location ~ "(\S+)" \{([^}]*)\}', (settings.BASE_DIR / "deploy" / "nginx.conf").read_text())
    (pattern,) = [where for where, inside in places if "proxy_cache " in inside]
    return re.compile(pattern)


def test_all_anonymous_reads_are_kept_and_set_no_cookie(client, center, item):
    args = {"item": [item.code], "book_time": [center.code, item.code]}
    args |= {name: [center.code] for name in ("center", "book", "api:center", "api:slots")} | {"sitemap_centers": [1]}
    marked = {name for name, view in addresses_with_views() if getattr(view, "is_anonymous_read", False)}
    for name in marked - {"healthz"}:
        path = reverse(name, args=args.get(name, []))
        assert cached_paths().search(path), path
        assert not client.get(path, {"item": item.code, "from": "2026-12-01"}).cookies


def test_a_form_that_gives_each_visitor_cookies_is_not_kept(client, center, item):
    page = reverse("book_who", args=[center.code, item.code, factories.SlotFactory(center=center).pk])
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
