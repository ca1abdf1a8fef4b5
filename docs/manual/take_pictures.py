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
    "me": (PHONE, signed_in("family", "/me/")),
    "waiting": (PHONE, waiting),
    "desk": (DESKTOP, signed_in("cadre", "/desk/")),
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
    """The README's picture: a phone, the desk and the overview side by side."""
    page = browser.new_page(viewport={"width": 1200, "height": 420})
    shown = "".join(f'<img src="data:image/png;base64,{encoded(name)}">' for name in ("home", "desk", "oversight"))
    page.set_content(f"<style>{SIDE_BY_SIDE}</style>{shown}")
    page.screenshot(path=str(HERE / "overview.png"))


def encoded(name: str) -> str:
    return base64.b64encode((HERE / f"{name}.png").read_bytes()).decode()


SIDE_BY_SIDE = """
body { margin: 0; padding: 16px; display: flex; gap: 16px; background: #e9e3d8 }
img { height: 388px; object-fit: cover; object-position: top left; border-radius: 6px; flex: 1 1 0; min-width: 0 }
img:first-child { flex: 0 0 205px }
"""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
