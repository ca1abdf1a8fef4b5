"""Take the manual's pictures from a running demo.

python docs/manual/take_pictures.py http://localhost:8000 [name …]
"""

import base64
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1.5}
TALLEST = 1500
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
WALL = {"viewport": {"width": 1280, "height": 720}}


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
    """Without a line: one has come, and somebody without an appointment too."""
    signed_in("cadre", "/desk/sheet/")(page)
    page.get_by_text("断网也能打开").wait_for()
    page.context.set_offline(True)
    page.locator("[data-kind=arrive]:not([aria-disabled])").first.click()
    page.get_by_label("姓名").fill("钱来顺")
    page.get_by_label("来办什么").fill("开证明")
    page.get_by_role("button", name="记下来").click()
    page.get_by_text("2条还没发出去").wait_for()
    page.evaluate("scrollTo(0, 0)")


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
    "desk-waiting": (DESKTOP, signed_in("cadre", "/desk/waiting/")),
    "oversight": (DESKTOP, signed_in("township", "/oversight/")),
    "admin": (DESKTOP, signed_in("admin", "/admin/centers/resident/import/")),
}


def main(address: str, names: list[str]) -> None:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name in names or PICTURES:
            options, go = PICTURES[name]
            context = browser.new_context(base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
            page = context.new_page()
            go(page)
            height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            page.set_viewport_size(page.viewport_size | ({"height": height} if options is PHONE else {}))
            page.screenshot(path=str(HERE / f"{name}.png"))
            context.close()
        overview(browser)
        browser.close()


def overview(browser: Browser) -> None:
    """The README's picture: a phone and the desk, beside them the hall's screen above the township's overview."""
    page = browser.new_page(viewport={"width": 1200, "height": 420})
    home, desk, hall, township = (
        f'<img src="data:image/png;base64,{encoded(name)}">' for name in ("home", "desk", "screen", "oversight")
    )
    shown = f"{home}{desk}<div>{hall}{township}</div>"
    page.set_content(f"<style>{SIDE_BY_SIDE}</style>{shown}")
    page.screenshot(path=str(HERE / "overview.png"))


def encoded(name: str) -> str:
    return base64.b64encode((HERE / f"{name}.png").read_bytes()).decode()


SIDE_BY_SIDE = """
body { margin: 0; padding: 16px; display: flex; gap: 16px; background: #e9e3d8 }
img { height: 388px; object-fit: cover; object-position: top left; border-radius: 6px; min-width: 0 }
body > img:first-child { flex: 0 0 205px }
body > img { flex: 1 1 0 }
div { flex: 0 0 310px; display: flex; flex-direction: column; gap: 16px }
div > img { width: 310px; height: 198px }
div > img:first-child { height: 174px }
"""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
