"""Security headers of every page, and CSRF tokens on every form."""

import re

import pytest
from django.test import Client

from tests.access import matrix
from tests.access.test_matrix import world  # noqa: F401

pytestmark = pytest.mark.django_db


def test_a12_every_page_carries_a_policy_without_unsafe_inline(world):  # noqa: F811
    for line, role in (("home", "anonymous"), ("desk", "cadre"), ("oversight", "township"), ("admin:index", "admin")):
        answer = world.client(role).get(world.path(line))
        policy = answer["Content-Security-Policy"]

        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and answer["X-Frame-Options"] == "DENY"
        assert re.findall(r"<[^>]+\s(?:on\w+|style)=", answer.content.decode()) == []


def test_a14_no_form_is_taken_without_its_token(world):  # noqa: F811
    """CSRF exemptions are only for token authentication, capability URLs and how pages look."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client("cadre").cookies.copy()
    taken = [
        line
        for line, method, role, letter in matrix.lines()
        if (method, role) == ("post", "cadre") and letter in "2>c" and client.post(world.path(line)).status_code != 403
    ]

    assert taken == ["api:openapi-json", "api:openapi-view", "look", "answer", "answer_offer"]
