"""Take the pictures of the manual and of the README from a running demo.

The demo should think that it is a working morning, when people wait and somebody is on duty (faketime is a Debian
package), and should be new: pictures of the desk change it.

    TZ=Asia/Shanghai faketime -f '@2026-12-02 10:40:00' make demo-reset
    python docs/manual/take_pictures.py http://localhost:8000 [name …]
"""

import os
import shutil
import sys
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1.5}
TALLEST = 1500
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
WALL = {"viewport": {"width": 1280, "height": 720}}
# For the README, which shows a picture at most 830 px wide: so narrow that its letters can still be read there.
ONE_SCREEN = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1.5}
QUEUE = {"viewport": {"width": 1280, "height": 771}}
WEEK = {"viewport": {"width": 1120, "height": 750}}
TABLE = {"viewport": {"width": 1000, "height": 1118}}


def sign_in(page: Page, login: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").first.fill(login)
    page.locator("input[name=password]").first.fill("demo-jiamenkou")
    page.locator("input[name=password]").first.press("Enter")
    page.wait_for_load_state()


def find(page: Page) -> None:
    page.goto("/centers/")


def center(page: Page) -> None:
    page.goto("/centers/")
    page.locator("main a[href^='/centers/99']").first.click()


def what(page: Page) -> None:
    center(page)
    page.goto(page.url + "book/")


def when(page: Page) -> None:
    what(page)
    page.goto(page.locator("main a[href*='/book/']").first.evaluate("link => link.href"))


def who(page: Page) -> None:
    when(page)
    page.locator("#times a.time:not(.time--wait)").first.click()


def slip(page: Page) -> None:
    who(page)
    page.locator("input[name=name]").fill("李秀英")
    page.locator("input[name=phone]").fill("13800009999")
    page.get_by_role("button", name="就约这个时间").click()


def elder(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="长辈版").first.click()


def item(page: Page) -> None:
    page.goto("/items/yanglao-renzheng/")


def waiting(page: Page) -> None:
    signed_in("family", "/me/")(page)
    page.locator("section[aria-labelledby=waiting] a").first.click()


def workbench(page: Page) -> None:
    """At window 1, with somebody called to it."""
    signed_in("cadre", "/desk/")(page)
    if page.get_by_role("button", name="1号窗口").count():
        page.get_by_role("button", name="1号窗口").click()
        page.wait_for_load_state()
    page.locator("#next").click()
    page.get_by_role("button", name="办好了，叫下一位").wait_for()
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def given(page: Page) -> None:
    """The number of somebody who has just walked in."""
    signed_in("cadre", "/desk/tickets/")(page)
    page.get_by_role("button", name="发一个号").click()
    page.get_by_role("link", name="打印小票").wait_for()


def ticket(page: Page) -> None:
    given(page)
    page.get_by_role("link", name="打印小票").click()
    page.wait_for_load_state()


def screen(page: Page) -> None:
    signed_in("cadre", "/desk/tickets/")(page)
    page.get_by_role("link", name="打开叫号屏").click()
    page.wait_for_load_state()


def case(page: Page) -> None:
    """One of those that the village has in hand, so that there is a next step."""
    signed_in("cadre", "/desk/cases/?show=here")(page)
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def progress(page: Page) -> None:
    signed_in("family", "/me/")(page)
    page.locator("main a[href^='/cases/']").first.click()
    page.wait_for_load_state()


def signed_in(login: str, address: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        sign_in(page, login)
        page.goto(address)

    return go


def sheet(page: Page) -> None:
    """Offline: one has come, and somebody without an appointment too."""
    signed_in("cadre", "/desk/sheet/")(page)
    page.get_by_text("断网也能打开").wait_for()
    page.context.set_offline(True)
    page.locator("[data-kind=arrive]:not([aria-disabled])").first.click()
    page.get_by_label("姓名").fill("钱来顺")
    page.get_by_label("来办什么").fill("开证明")
    page.get_by_role("button", name="记下来").click()
    page.get_by_text("2条还没发出去").wait_for()
    page.evaluate("scrollTo(0, 0)")


def roster(page: Page) -> None:
    """The days themselves; what is said above them takes a screen of its own."""
    signed_in("manager", "/desk/duty/")(page)
    page.locator("[data-duty]").evaluate("days => scrollTo(0, days.getBoundingClientRect().top - 16)")


def invitation(page: Page) -> None:
    """Of a colleague who is new, with each run another one."""
    sign_in(page, "manager")
    page.goto("/manage/members/new/")
    page.get_by_label("姓名").fill("周小燕")
    page.get_by_label("手机号").fill(f"137{int(time.time()) % 10**8:08}")
    page.get_by_role("button", name="请进来").click()
    page.locator(".slip__digits").wait_for()


PICTURES: dict[str, tuple[dict, Callable[[Page], None]]] = {
    "home": (PHONE, lambda page: page.goto("/")),
    "elder": (PHONE, elder),
    "find": (PHONE, find),
    "center": (PHONE, center),
    "what": (PHONE, what),
    "when": (PHONE, when),
    "who": (PHONE, who),
    "slip": (PHONE, slip),
    "item": (PHONE, item),
    "invitation": (PHONE, invitation),
    "ticket": (PHONE, ticket),
    "progress": (PHONE, progress),
    "me": (PHONE, signed_in("family", "/me/")),
    "waiting": (PHONE, waiting),
    "desk": (DESKTOP, workbench),
    "tickets": (DESKTOP, given),
    "screen": (WALL, screen),
    "cases": (DESKTOP, signed_in("cadre", "/desk/cases/")),
    "case": (DESKTOP, case),
    "desk-book": (DESKTOP, signed_in("cadre", "/desk/book/")),
    "sheet": (DESKTOP, sheet),
    "duty": (DESKTOP, signed_in("manager", "/desk/duty/")),
    "manage-center": (DESKTOP, signed_in("manager", "/manage/center/")),
    "manage-ratings": (DESKTOP, signed_in("manager", "/manage/ratings/")),
    "desk-waiting": (DESKTOP, signed_in("cadre", "/desk/waiting/")),
    "opening": (DESKTOP, signed_in("county", "/manage/opening/")),
    "oversight": (DESKTOP, signed_in("township", "/oversight/")),
    "items": (DESKTOP, signed_in("county", "/manage/items/990101000000/dibao/edit/#materials")),
    "admin": (DESKTOP, signed_in("admin", "/admin/centers/resident/import/")),
    "readme-villager": (ONE_SCREEN, when),
    "readme-cadre": (QUEUE, workbench),
    "readme-manager": (WEEK, roster),
    "readme-township": (TABLE, signed_in("township", "/oversight/")),
}


def main(address: str, names: list[str]) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name in names or PICTURES:
            options, go = PICTURES[name]
            context = browser.new_context(base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
            context.clock.install(time=clock_of(address))
            page = context.new_page()
            go(page)
            height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            page.set_viewport_size(page.viewport_size | ({"height": height} if options is PHONE else {}))
            page.screenshot(path=str(HERE / f"{name}.png"))
            context.close()
        browser.close()


def clock_of(address: str) -> datetime:
    """The demo's: a browser with another one takes the desk's list for old."""
    with urlopen(f"{address}/healthz") as answer:
        return parsedate_to_datetime(answer.headers["Date"])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
