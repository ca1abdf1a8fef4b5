"""Every URL resolves, and needs a login unless declared public."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import get_resolver

STAND_INS = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}


def addresses(patterns=None, before: str = "", namespace: str = "") -> Iterator[tuple[str, str, bool]]:
    """Each address of the portal with stand-ins for its parameters: (name, path, public)."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        path = before + filled_in(str(entry.pattern))
        if hasattr(entry, "url_patterns"):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            yield from addresses(entry.url_patterns, path, inner)
        else:
            name = ":".join(filter(None, [namespace, entry.name]))
            yield name, "/" + path, not getattr(entry.callback, "login_required", True)


def filled_in(pattern: str) -> str:
    pattern = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "x", pattern)  # regular expressions of other people's apps
    pattern = re.sub(r"<(?:(\w+):)?\w+>", lambda match: STAND_INS.get(match[1], "x"), pattern)
    return re.sub(r"[\^$\\]|\.\*", "", pattern)


def addresses_with_views(patterns=None, namespace: str = "") -> Iterator[tuple[str, object]]:
    """(name, view) of each address."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(entry, "url_patterns"):
            yield from addresses_with_views(entry.url_patterns, ":".join(filter(None, [namespace, entry.namespace])))
        else:
            yield ":".join(filter(None, [namespace, entry.name])), entry.callback


def addresses_by_name() -> dict[str, str]:
    return {name: path for name, path, _ in addresses()}


@pytest.mark.django_db
def test_every_address_answers_a_stranger_or_sends_them_to_sign_in(client):
    client.raise_request_exception = False
    sign_in = (str(settings.LOGIN_URL), "/admin/login/")

    wrong = []
    for _, path, public in addresses():
        answer = client.get(path)
        sent_to_sign_in = answer.status_code == 302 and answer["Location"].startswith(sign_in)
        if answer.status_code >= 500 or not (public or sent_to_sign_in or answer.status_code in (301, 401, 404)):
            wrong.append((path, answer.status_code))
    assert wrong == []


@pytest.mark.django_db
def test_no_address_breaks_for_the_administrator(admin_client):
    admin_client.raise_request_exception = False

    answers = {path: admin_client.get(path).status_code for _, path, _ in addresses()}

    assert {path: status for path, status in answers.items() if status >= 500} == {}
