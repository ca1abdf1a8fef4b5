"""Anonymous reads skip sessions, users and audit; what they answer is the same, sets no cookie, and is nobody's own."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.test_addresses import addresses_with_views

pytestmark = pytest.mark.django_db
LONG_WAY = {"HTTP_COOKIE": "sessionid=nobody"}


@pytest.fixture
def world(center, item, resident):
    factories.open_on(center, *range(7))


@pytest.fixture
def paths(center, item):
    ours = {"code": center.code, "item": item.code}
    names = {
        "center": ["code"],
        "item": ["item"],
        "book": ["code"],
        "book_time": ["code", "item"],
        "api:center": ["code"],
    }
    found = {name: reverse(name, args=[ours[part] for part in parts]) for name, parts in names.items()}
    plain = ("healthz", "home", "centers", "items", "api:centers", "favicon", "robots", "security_txt", "sitemap")
    found |= {name: reverse(name) for name in (*plain, "sitemap_pages")}
    found["sitemap_centers"] = reverse("sitemap_centers", args=[1])
    day = "2026-12-01"
    found["api:slots"] = reverse("api:slots", args=[center.code]) + f"?item={item.code}&from={day}"
    return found


def test_each_of_them_is_looked_at_here(paths):
    marked = {name for name, view in addresses_with_views() if getattr(view, "is_anonymous_read", False)}
    assert marked == set(paths)


def body_of(answer) -> bytes:
    """Without what is made for each answer anew."""
    return answer.content


def test_both_ways_answer_the_same(world, paths):
    for name, path in paths.items():
        short, long = Client().get(path), Client().get(path, **LONG_WAY)
        assert (short.status_code, body_of(short)) == (200, body_of(long)), name
        own = {"X-Request-ID", "X-Accel-Expires", "Vary", "Cache-Control"}  # who has a session gets a page of their own
        assert {key: value for key, value in short.headers.items() if key not in own} == {
            key: value for key, value in long.headers.items() if key not in own
        }, name


def test_other_caches_are_told_what_it_depends_on(world, paths):
    for name, path in paths.items():
        assert "Cookie" in Client().get(path)["Vary"], name


def test_none_sets_a_cookie_or_asks_for_a_session(world, paths, django_assert_max_num_queries):
    for name, path in paths.items():
        answer = Client().get(path)
        assert not answer.cookies and "sessionid" not in answer.headers.get("Set-Cookie", ""), name


def test_a_proxy_may_keep_what_a_visitor_without_cookies_gets(world, paths):
    kept = {name for name, path in paths.items() if "X-Accel-Expires" in Client().get(path)}
    assert kept == set(paths) - {"healthz", "favicon"}  # which say so to everybody


@pytest.mark.parametrize("cookie", ["look=elder", "language=en", "centers=990101100201", "sessionid=x", "csrftoken=y"])
def test_nothing_is_kept_of_who_has_a_cookie(world, paths, cookie):
    assert not any("X-Accel-Expires" in Client().get(path, HTTP_COOKIE=cookie) for path in paths.values())


def test_nothing_is_kept_of_who_is_signed_in(world, paths, signed_in, cadre):
    client = signed_in(cadre)
    assert cadre.name in client.get(paths["home"]).content.decode()
    assert not any("X-Accel-Expires" in client.get(path) for path in paths.values())


@pytest.mark.parametrize("path", ["/centers/990101100999/", "/items/none/", "/centers/990101100999/book/"])
def test_what_is_not_there_is_not_found_as_ever_and_not_kept(world, path):
    short, long = Client().get(path), Client().get(path, **LONG_WAY)
    assert (short.status_code, long.status_code) == (404, 404)
    assert "没有找到" in short.content.decode() and "X-Accel-Expires" not in short


def test_a_fault_is_told_by_the_whole_chain(world, paths, monkeypatch):
    monkeypatch.setattr("centers.views.public.opening_states", lambda centers: 1 / 0)
    client = Client(raise_request_exception=False)
    assert client.get(paths["home"]).status_code == 500


def test_the_display_preferences_work_without_a_token_and_say_so_in_a_cookie(world, paths):
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("look"), {"look": "elder", "next": "/"}).status_code == 302
    assert 'data-look="elder"' in client.get(paths["home"]).content.decode()


def test_a_form_still_gets_its_token(world, paths, item, center):
    slot = center.slots.filter(closed_at=None).last()
    answer = Client().get(reverse("book_who", args=[center.code, item.code, slot.pk]))
    assert "csrftoken" in answer.cookies and "X-Accel-Expires" not in answer
