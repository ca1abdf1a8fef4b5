"""htmx requests get a fragment; all others the whole page."""

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from portal.ui.htmx import render_part


def ask(**headers):
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    request.csp_nonce = ""
    return render_part(request, "layouts/error.html", "components/waiting.html", {})


def test_htmx_gets_the_part():
    assert b"<html" not in ask(hx_request="true").content


@pytest.mark.parametrize(
    "headers",
    [{}, {"hx_request": "true", "hx_boosted": "true"}, {"hx_request": "true", "hx_history_restore_request": "true"}],
)
def test_everybody_else_gets_the_page(headers):
    assert b"<html" in ask(**headers).content


def test_a_cache_keeps_them_apart():
    assert "HX-Request" in ask()["Vary"]
