"""Fixtures for signing in: accounts, and the SMS codes that would have been sent."""

import pytest
from django.core.cache import cache
from django.test import Client

from portal.accounts.models import User

PASSWORD = "open-sesame-9"


@pytest.fixture
def sent(settings, monkeypatch) -> list[tuple[str, str]]:
    """The codes sent, as (phone, code), oldest first."""
    codes: list[tuple[str, str]] = []
    monkeypatch.setattr("tests.accounts.sender.outbox", codes)
    settings.LOGIN_CODE_SENDER = "tests.accounts.sender.send"
    return codes


@pytest.fixture(autouse=True)
def nobody_holds_a_role(settings):
    """Roles are in apps above this one; tests that need a role replace this predicate."""
    settings.LOGIN_REDIRECT_URL = "/me/"
    settings.STAFF_PREDICATE = settings.SECOND_FACTOR_PREDICATE = "tests.accounts.sender.nobody"


@pytest.fixture(autouse=True)
def no_limits_left_over(db):
    cache.clear()


@pytest.fixture
def villager(db) -> User:
    return User.objects.create_user("zhang", PASSWORD, name="张桂兰", phone="13800005678")


@pytest.fixture
def official(db) -> User:
    return User.objects.create_user("liu", PASSWORD, name="刘建国", phone="13900001234")


@pytest.fixture
def admin(db) -> User:
    return User.objects.create_superuser("root", PASSWORD, name="管理员")


def sign_in(client: Client, login: str, password: str = PASSWORD, **more):
    return client.post("/accounts/login/", {"login": login, "password": password, **more})


def ask_for_code(client: Client, phone: str, **more):
    return client.post("/accounts/login/code/", {"phone": phone}, **more)


def give_code(client: Client, code: str, query: str = ""):
    return client.post(f"/accounts/login/code/confirm/{query}", {"code": code})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
