"""Every address, as every kind of visitor: who may keep and index the answer, and what a browser may do with it."""

import importlib
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal import anonymous
from tests.access import matrix
from tests.access.world import World, build
from tests.test_addresses import addresses_with_views

VISITORS = ("anonymous", "villager", "cadre", "township", "admin")
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Whoever has the address may read it.
BY_LINK = {
    *("answer", "answer_offer", "booking", "booking_cancel", "booking_ics", "booking_move", "booking_print"),
    *("case", "case_again", "rate", "ticket", "waiting"),
}
# Forms with a key of their own and the people of whoever is signed in; Back finds what was typed.
WITH_PEOPLE = {"book_who", "wait"}
VIEWS = dict(addresses_with_views())
# No page: a library's script for the pages of the admin, and files with their own rules.
FILES = {"admin:jsi18n", "asset", "desk_sheet_worker", "favicon", "healthz"}
FOR_MACHINES = {"robots", "security_txt", "sitemap", "sitemap_centers", "sitemap_pages"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def answers(world) -> dict[tuple[str, str], HttpResponse]:
    """(address, visitor) → the response to a GET."""
    found = {}
    for visitor in VISITORS:
        for line in sorted({line for line, *_rest in matrix.lines()}):
            client = world.client(visitor)
            cookies = client.cookies.copy()
            with transaction.atomic():
                found[line, visitor] = client.get(world.path(line))
                transaction.set_rollback(True)
            client.cookies = cookies
    return found


def name_of(line: str) -> str:
    return line.partition("?")[0]


def is_closed(line: str) -> bool:
    return getattr(VIEWS[name_of(line)], "login_required", True)


def is_indexed(line: str) -> bool:
    return getattr(VIEWS[name_of(line)], "is_anonymous_read", False)


def wrong(answers, holds, *, only=lambda line: True, visitors=VISITORS) -> list[tuple]:
    return [
        (line, visitor, answer.status_code, dict(answer.headers))
        for (line, visitor), answer in answers.items()
        if visitor in visitors and name_of(line) not in FILES and only(line) and not holds(answer)
    ]


def is_no_store(answer: HttpResponse) -> bool:
    return "no-store" in answer.get("Cache-Control", "") and "private" in answer.get("Cache-Control", "")


# What headers say is up to the views, not to the database behind them.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_each_answer_says_what_a_browser_may_do_with_it(answers):
    assert wrong(answers, lambda answer: EVERYWHERE.items() <= dict(answer.headers).items()) == []
    policies = {answer.get("Content-Security-Policy", "").split(" 'nonce-")[0] for answer in answers.values()}
    assert policies and all(policy and "unsafe-inline" not in policy for policy in policies)


def test_closed_pages_are_kept_by_nobody(answers):
    assert sum(is_closed(line) for line, _visitor in answers) > 500
    assert wrong(answers, is_no_store, only=is_closed) == []


def test_pages_of_ones_own_account_are_kept_by_nobody(answers, world):
    own = lambda line: world.path(line).startswith("/accounts/")  # noqa: E731
    assert {"mfa_activate_totp", "mfa_view_recovery_codes", "usersessions_list", "account_login"} <= {
        line for line, _visitor in answers if own(line)
    }
    assert wrong(answers, is_no_store, only=own) == []


def test_pages_by_link_are_kept_and_indexed_by_nobody(answers):
    by_link = lambda line: name_of(line) in BY_LINK  # noqa: E731
    assert {name_of(line) for line, _visitor in answers if by_link(line)} == BY_LINK
    assert wrong(answers, is_no_store, only=by_link) == []


def test_search_engines_index_the_pages_of_centers_and_items_and_nothing_else(answers):
    indexed = {
        name_of(line)
        for (line, visitor), answer in answers.items()
        if answer.status_code == 200 and "noindex" not in answer.get("X-Robots-Tag", "") and visitor == "anonymous"
    }
    api = {name for name in indexed if name.startswith("api:")}
    assert indexed - api - FILES - FOR_MACHINES == {"home", "centers", "center", "items", "item", "book", "book_time"}
    noindex = lambda answer: answer.get("X-Robots-Tag") == "noindex"  # noqa: E731
    assert wrong(answers, noindex, only=lambda line: not is_indexed(line)) == []


def test_what_anybody_may_keep_is_the_same_for_everybody(answers):
    """Without a cookie a public page says nothing of caches but to our proxy; with a session it is asked for anew."""
    kept = lambda answer: not answer.cookies and "Cache-Control" not in answer.headers  # noqa: E731
    assert wrong(answers, kept, only=is_indexed, visitors=("anonymous",)) == []
    anew = lambda answer: answer.get("Cache-Control") == "private, no-cache"  # noqa: E731
    assert wrong(answers, anew, only=is_indexed, visitors=VISITORS[1:]) == []


def test_forms_with_people_are_asked_for_anew(answers):
    with_people = lambda line: name_of(line) in WITH_PEOPLE  # noqa: E731
    assert {name_of(line) for (line, _visitor), answer in answers.items() if answer.status_code == 200} >= WITH_PEOPLE
    said = lambda answer: {*answer["Cache-Control"].split(", ")} == {"private", "no-cache"}  # noqa: E731
    assert wrong(answers, said, only=with_people) == []


def test_no_page_says_public(answers):
    said = {
        name_of(line)
        for (line, _visitor), answer in answers.items()
        if "public" in answer.get("Cache-Control", "") and answer.status_code == 200
    }
    assert said == {"asset", "favicon", "screen_calls"}


def test_an_address_that_is_not_there_is_not_indexed(client):
    assert client.get("/no-such-page/")["X-Robots-Tag"] == "noindex"


class TestOverHttps:
    @pytest.fixture(autouse=True)
    def https(self, settings):
        settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
        anonymous._headers.cache_clear()
        yield
        anonymous._headers.cache_clear()

    def test_each_cookie_is_kept_from_plain_http_and_other_sites(self, world):
        told = {}
        for visitor in ("anonymous", "cadre"):
            # A client of its own, whose middleware is made with these settings and is not left to other tests.
            client, cookies = Client(), world.client(visitor).cookies
            for line in sorted({line for line, *_rest in matrix.lines()}):
                client.cookies = cookies.copy()
                with transaction.atomic():
                    answer = client.get(world.path(line), secure=True)
                    transaction.set_rollback(True)
                told |= {(name, line): cookie for name, cookie in answer.cookies.items()}
        assert {name for name, _line in told} >= {"csrftoken"}
        assert [key for key, cookie in told.items() if not (cookie["secure"] and cookie["samesite"] == "Lax")] == []

    @pytest.mark.parametrize("choice", [("look", "elder"), ("contrast", "high"), ("text", "2"), ("language", "en")])
    @pytest.mark.parametrize("is_undone", [False, True])
    def test_so_are_those_of_look_and_language(self, client, choice, is_undone):
        name, value = choice
        cookie = client.post(reverse("look"), {name: "" if is_undone else value}, secure=True).cookies[name]
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
        assert (cookie.value, cookie["max-age"] == 0) == (("", True) if is_undone else (value, False))

    @pytest.mark.parametrize("path", ["/", "/accounts/login/", "/no-such-page/"])
    def test_the_browser_is_told_to_come_back_by_https(self, client, path):
        said = client.get(path, secure=True)["Strict-Transport-Security"]
        assert said == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(("asked", "is_preloaded"), [(None, False), ("1", True)])
def test_preloading_is_only_asked_for_by_who_has_decided_so(monkeypatch, asked, is_preloaded):

    monkeypatch.setenv("SITE_URL", "https://portal.example")
    if asked:
        monkeypatch.setenv("HSTS_PRELOAD", asked)
    try:
        assert importlib.reload(importlib.import_module("portal.settings")).SECURE_HSTS_PRELOAD is is_preloaded
    finally:
        monkeypatch.undo()
        importlib.reload(sys.modules["portal.settings"])


def test_over_http_cookies_come_as_well(client):
    assert not settings.SESSION_COOKIE_SECURE
    assert not client.post(reverse("look"), {"look": "elder"}).cookies["look"]["secure"]
