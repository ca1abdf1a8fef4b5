"""The API's documentation works in a browser, with scripts of our own server only."""

import pytest
from playwright.sync_api import Page, expect

from portal.api import api as portal_api

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_a_call_is_read_and_tried(page: Page, live_server, center, monkeypatch):
    monkeypatch.setattr(portal_api, "servers", [{"url": live_server.url}])  # of SITE_URL
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))

    page.goto(f"{live_server.url}/api/v1/docs")
    page.locator(".opblock-summary", has_text="查中心").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table")).to_contain_text(center.name)

    assert wrong == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []
