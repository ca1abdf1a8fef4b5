"""W8: the booking pages on a slow connection (50 KB/s, 400 ms), with a cold cache, in Chromium."""

import statistics
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS
from tests.conftest import find_chromium
from tests.web import ROOT, environment, web

KILOBYTE = 1024
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50 * KILOBYTE, "uploadThroughput": 50 * KILOBYTE}
PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN"}
SETTINGS = "benchmarks.settings"
CENTER = "/centers/990101100201/book/"
TARGET, ROUNDS = 3, 5


def run() -> None:
    if find_chromium() is None:
        print("W8 not measured: no Chromium on PATH and CHROMIUM is not set.", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="jmk-bench-") as folder:
        url = f"sqlite:///{folder}/wire.sqlite3"
        variables = environment(url, DJANGO_SETTINGS_MODULE=SETTINGS)
        for command in ("migrate", "load_demo"):
            subprocess.run(
                [sys.executable, "manage.py", command, "-v0"],
                env=variables,
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        with web(url, quiet=True, DJANGO_SETTINGS_MODULE=SETTINGS) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            measure(browser, f"http://127.0.0.1:{server.port}")
            browser.close()


def measure(browser: Browser, site: str) -> None:
    who = first_time(browser, site)
    pages = {
        "what": (CENTER, "summary"),
        "when": (CENTER + "yanglao-renzheng/", "#times a.time"),
        "who": (who, "input[name=phone]"),
    }
    for name, (address, ready) in pages.items():
        seconds = statistics.median(usable(browser, site + address, ready) for _round in range(ROUNDS))
        verdict = "ok" if seconds <= TARGET else "short"
        print(f"W8 booking page {name} 50 KB/s 400 ms seconds={seconds:.2f} target={TARGET} {verdict}", flush=True)


def first_time(browser: Browser, site: str) -> str:
    page = browser.new_page(**PHONE)
    page.goto(site + CENTER + "yanglao-renzheng/")
    address = page.locator("#times a.time").first.get_attribute("href")
    page.close()
    return address


def usable(browser: Browser, address: str, ready: str) -> float:
    """Seconds from the tap until the main content is visible, usable and styled (time to interactive)."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    throttle(page)
    started = time.monotonic()
    page.goto(address, wait_until="domcontentloaded")
    page.locator(ready).first.click(trial=True)
    seconds = time.monotonic() - started
    context.close()
    return seconds


def throttle(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", SLOW)
