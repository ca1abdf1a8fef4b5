"""A villager without an account, from the home page to a cancelled booking: phone without script, desktop with."""

import re

import pytest
from playwright.sync_api import Page, expect

from appointments.models import Appointment
from tests.browser.world import everyday_item, open_days

pytestmark = [pytest.mark.django_db(transaction=True)]

PHONE_WITHOUT_SCRIPT = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
DESKTOP_WITH_SCRIPT = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def world(county, center):
    open_days(center)
    return everyday_item(county)


@pytest.mark.parametrize("device", [PHONE_WITHOUT_SCRIPT, DESKTOP_WITH_SCRIPT], ids=["360 without script", "1280"])
def test_from_finding_the_center_to_cancelling(device, new_page, world):
    page = new_page(**device)
    find_the_center(page)
    screens = book(page)
    assert screens <= 4  # W4
    code = said_code(page)
    look_up(page, code)
    move(page)
    cancel(page)
    appointment = Appointment.objects.get()
    assert (appointment.move_count, appointment.cancelled_by) == (1, "villager")


def find_the_center(page: Page) -> None:
    page.goto("/")
    page.get_by_label("您在哪个村").fill("lwc")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="柳湾").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("党群服务中心")


def book(page: Page) -> int:
    """From the center's page to the slip; returns how many screens it took."""
    page.get_by_role("link", name="约个时间来办事").click()
    seen = [page.url]
    if not page.get_by_role("link", name="养老金认证").is_visible():
        page.locator("summary").first.click()
    page.get_by_role("link", name="养老金认证").click()
    seen.append(page.url)
    page.locator("#times a.time").first.click()
    seen.append(page.url)
    page.get_by_label("姓名", exact=False).first.fill("王桂兰")
    page.get_by_label("电话", exact=False).first.fill("１３８ ００００-5678")
    page.get_by_role("button", name="就约这个时间").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("约好")
    seen.append(page.url)
    return len({address.split("?")[0] for address in seen})


def said_code(page: Page) -> str:
    return re.search(r"\b(\d{3}) (\d{3})\b", page.locator("main").inner_text()).expand(r"\1\2")


def look_up(page: Page, code: str) -> None:
    page.goto("/bookings/")
    page.get_by_label("电话", exact=False).first.fill("13800005678")
    page.get_by_label(re.compile("预约[码号]")).first.fill(code)
    page.get_by_role("button", name="查").click()
    expect(page.locator("main")).to_contain_text("养老金认证")


def move(page: Page) -> None:
    page.get_by_role("link", name="改时间").first.click()
    page.locator("#times a.time").last.click()
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("养老金认证")
    page.goto(page.url)


def cancel(page: Page) -> None:
    page.get_by_role("link", name="取消").first.click()
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("已取消")


def test_the_back_button_and_a_second_tap_make_no_second_booking(new_page, world):
    """A18"""
    page = new_page(**PHONE_WITHOUT_SCRIPT)
    find_the_center(page)
    book(page)
    page.go_back()
    page.get_by_role("button", name="就约这个时间").click()
    expect(page.locator("main")).to_contain_text("养老金认证")
    assert Appointment.objects.count() == 1
