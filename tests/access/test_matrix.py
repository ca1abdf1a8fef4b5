"""A1, A2, A3: the access matrix for every URL, role and method; a URL that is not listed fails."""

from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection, transaction
from django.http import HttpResponse

from tests.access import matrix
from tests.access.world import World, build, take_away
from tests.test_addresses import addresses

LETTERS = {200: "2", 204: "2", 400: "?", 401: "t", 403: "-", 404: "!", 405: "x", 409: "c", 422: "?"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once per module, with all roles signed in; rolled back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        for role in matrix.ROLES:
            world.client(role)
        take_away(world)
        yield world
        transaction.set_rollback(True)


def test_every_address_stands_in_the_matrix():
    known = {line.partition("?")[0] for line, *_rest in matrix.lines()}

    # URL patterns without a name are catch-alls, which answer 404.
    assert {name for name, _path, _public in addresses() if name not in ("", "admin")} - known == set()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", matrix.ROLES)
def test_the_answers_are_those_of_the_matrix(world, role):
    wrong = []
    for line, method, letter in expected(role, connection.vendor):
        if (answer := ask(world, line, method, role)) != letter:
            wrong.append(f"{method} {line}: {answer} instead of {letter}")

    assert wrong == []


def expected(role: str, vendor: str) -> list[tuple[str, str, str]]:
    """(address, method, letter). Everything on SQLite; on PostgreSQL each answer of an address once.

    Which role gets which answer is up to the same code on both. What PostgreSQL might do in its own way is to run the
    queries that lead to an answer: the first role to get it runs them.
    """
    told = [(line, method, letter) for line, method, who, letter in matrix.lines() if who == role]
    return told if vendor == "sqlite" else [one for one in told if first_to_get()[one] == role]


@cache
def first_to_get() -> dict[tuple[str, str, str], str]:
    first: dict[tuple[str, str, str], str] = {}
    for line, method, role, letter in matrix.lines():
        first.setdefault((line, method, letter), role)
    return first


def test_postgresql_is_asked_for_each_answer_of_each_address_once():
    asked = [one for role in matrix.ROLES for one in expected(role, "postgresql")]

    assert sorted(asked) == sorted({(line, method, letter) for line, method, _role, letter in matrix.lines()})


CARED_FOR = sorted(
    f"admin:{model._meta.app_label}_{model._meta.model_name}"
    for model in admin.site._registry
    if model._meta.app_label in ("centers", "appointments", "assessments", "notifications")
)


def test_the_matrix_expects_a_page_for_every_list_and_row_of_the_admin(world):
    told = {line: letter for line, method, role, letter in matrix.lines() if (method, role) == ("get", "admin")}
    pages = [f"{model}_{page}" for model in CARED_FOR for page in ("changelist", "change")]

    assert {page: told.get(page) for page in pages} == dict.fromkeys(pages, "2")
    assert [model for model in CARED_FOR if world.args[f"{model}_change"] == [0]] == []  # a row each, not "not there"


@pytest.mark.django_db
@pytest.mark.parametrize("model", CARED_FOR)
def test_every_list_of_the_admin_can_be_searched(world, model):
    answer = world.client("admin").get(world.path(f"{model}_changelist"), {"q": "柳湾"})

    assert answer.status_code == 200


def ask(world: World, line: str, method: str, role: str) -> str:
    """The response; its changes are rolled back."""
    client = world.client(role)
    cookies = client.cookies.copy()
    with transaction.atomic():
        sent = {"content_type": "application/json"} if (method, line[:4]) == ("post", "api:") else {}
        answer = getattr(client, method)(world.path(line), **sent)
        transaction.set_rollback(True)
    client.cookies = cookies
    return letter_of(answer)


def letter_of(answer: HttpResponse) -> str:
    if answer.status_code in (301, 302):
        return "s" if answer["Location"].startswith((str(settings.LOGIN_URL), "/admin/login/")) else ">"
    return LETTERS.get(answer.status_code, str(answer.status_code))
