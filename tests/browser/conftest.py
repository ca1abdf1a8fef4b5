"""A real Chromium against the running portal.

def test_something(page, sign_in, check_accessible):
    sign_in(page, cadre)
    page.goto("/desk/")
    check_accessible(page)
"""

import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",  # a container's root cannot make the sandbox's namespaces
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (320, 768, 1280)
LOOKS = ("plain", "elder")
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, in which Django refuses to touch the database without this.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Under a loop Django has a connection of its own for this thread (asgiref's Local), and the one from before or
    # after is out of reach, but open: the database could not be dropped when the last test was no browser test.
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def live_server(django_db_setup, live_server):
    """Started after the test database has its file name. With ":memory:" Django shares one connection between all
    server threads, and a page with parallel requests crashed the whole run.
    """
    return live_server


@pytest.fixture
def new_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`new_page(java_script_enabled=False)`: a page in a browser of its own, with no cookies yet.

    A script error or CSP violation on any of them fails the test.
    """
    contexts, complaints = [], []

    def open_page(**options) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"} | options
        context = browser.new_context(base_url=live_server.url, timezone_id=settings.TIME_ZONE, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: complaints.append(message.text) if is_policy_breach(message.text) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    wait_for_answers_to_end()
    assert complaints == []


def wait_for_answers_to_end() -> None:
    """Until no thread of the live server is left. The tables are emptied next, and SQLite has been seen to crash
    when another thread closed its connection in the middle of that.
    """
    for _moment in range(500):
        if not any("process_request_thread" in thread.name for thread in threading.enumerate()):
            return
        time.sleep(0.01)


def is_policy_breach(text: str) -> bool:
    return "Content Security Policy" in text


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def sign_in(live_server) -> Callable[[Page, object], None]:
    """`sign_in(page, user)` without the form, which has tests of its own."""

    def into(page: Page, user) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return into


@pytest.fixture
def check_accessible(live_server) -> Callable[..., None]:
    """Assert that axe finds nothing against WCAG 2.2 AA, at three widths, in plain and in elder mode.

    The page is reloaded in each mode. `reload=False` checks the page as it is, in its current mode, for a form with
    errors that a reload would submit again.
    """

    def check(page: Page, *, reload: bool = True) -> None:
        found = []
        for look in LOOKS if reload else ("as it is",):
            if reload:
                page.context.add_cookies([{"name": "look", "value": look, "url": live_server.url}])
                page.reload()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                found += [f"{look}, {width} px: {complaint}" for complaint in violations(page)]
        assert found == [], f"{page.url}\n" + "\n".join(found)

    return check


def violations(page: Page) -> list[str]:
    """axe's violations in the current page. Injected once per load: it is half a megabyte of script."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": WCAG_22_AA}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
    ]
