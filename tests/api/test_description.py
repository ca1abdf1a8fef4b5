"""The OpenAPI schema, and the formats of all responses."""

import json
import re

import pytest
from django.contrib.staticfiles.finders import find

from tests.api.conftest import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def description(api) -> dict:
    return api.get("openapi.json").json()


def test_it_is_openapi_3_1_and_names_every_call(description):
    assert description["openapi"].startswith("3.1")
    assert {(path.removeprefix(ROOT), method) for path, calls in description["paths"].items() for method in calls} == {
        ("centers", "get"),
        ("centers/{code}", "get"),
        ("centers/{code}/slots", "get"),
        ("appointments", "post"),
        ("appointments/{code}", "get"),
        ("appointments/{code}/cancel", "post"),
        ("appointments/{code}/move", "post"),
    }


def test_every_call_declares_its_refusals(description):
    for calls in description["paths"].values():
        for call in calls.values():
            assert {"400", "404", "422"} <= set(call["responses"])


def test_a_token_is_declared_as_optional(description):
    assert description["paths"][f"{ROOT}appointments"]["post"]["security"] == [{"Token": []}, {}]
    assert description["components"]["securitySchemes"]["Token"] == {"type": "http", "scheme": "bearer"}


def test_its_page_loads_nothing_from_elsewhere(api, description):
    """The scripts stand on our own server; the policy of the page allows no others (tests/browser)."""
    page = api.get("docs").content.decode()
    loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+)"', page)

    assert [name for name in loaded if "swagger" in name] and all(name.startswith("/") for name in loaded)
    assert {find(name.removeprefix("/static/")) is not None for name in loaded if "swagger" in name} == {True}
    assert "cdn" not in json.dumps(description) + page


@pytest.mark.parametrize("path", ["", "x", "centers/", "centers/x/y/z", "appointments/1/2/3", "docs/x"])
def test_an_unknown_address_is_told_as_json(api, path):
    answer = api.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "centers", "GET"), ("GET", "appointments", "POST"), ("GET", "appointments/123456/cancel", "POST")],
)
def test_a_wrong_method_is_told_as_json(api, method, path, allowed):
    answer = api.client.generic(method, ROOT + path)

    assert (answer.status_code, answer.json()["code"], answer["Allow"]) == (405, "method_not_allowed", allowed)


def test_no_page_is_framed_and_no_cookie_is_set(api):
    answer = api.get("centers")

    assert answer["Content-Type"] == "application/json"
    assert not answer.cookies
