"""From the telephone to the township's figure: four people, three browsers, one morning."""

import re

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.world import everyday_item
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def morning():
    """Nine o'clock, whenever the suite runs: the story may not cross midnight."""
    with time_machine.travel(at(0, 9)):
        yield


@pytest.fixture
def world(morning, county, center):
    factories.SlotFactory(center=center, starts_at=at(0, 11), online_places=1, desk_places=1)
    factories.SlotFactory(center=center, starts_at=at(0, 15))  # or the day would be full and not shown
    return everyday_item(county)


def test_a_call_becomes_a_visit_a_rating_and_a_figure(world, new_page, sign_in, cadre, officer, center):
    at_the_desk, outside, in_town = new_page(), new_page(viewport={"width": 360, "height": 740}), new_page()
    sign_in(at_the_desk, cadre)
    sign_in(in_town, officer)
    before = served(in_town)
    assert places_left(outside, center) == "还剩1个"

    code = book_for_the_caller(at_the_desk)
    assert places_left(outside, center) == "约满了 排候补"

    serve(at_the_desk, code)
    rate(outside, code)
    assert served(in_town) == before + 1
    expect(in_town.locator("main table")).to_contain_text("1条")


def places_left(page: Page, center) -> str:
    page.goto(f"/centers/{center.code}/book/yanglao-renzheng/?day={at(0, 0):%Y-%m-%d}")
    return page.locator("#times .time", has_text="11:00").locator(".time__left").inner_text()


def book_for_the_caller(page: Page) -> str:
    page.goto("/desk/book/")
    page.get_by_label("姓名、电话或电话后四位").fill("赵德贵")
    page.keyboard.press("Enter")
    page.locator("form[method=post] input[name=name]").fill("赵德贵")
    page.locator("form[method=post] input[name=phone]").fill("13700006789")
    page.get_by_role("button", name="登记，接着选事项").click()
    page.get_by_role("link", name="养老金认证").first.click()
    page.get_by_text("11:00").first.click()
    page.get_by_role("button", name="就约这个时间").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("请念给对方听")
    return re.sub(r"\D", "", page.locator(".read-aloud__code").inner_text())


def serve(page: Page, code: str) -> None:
    page.goto("/desk/")
    page.get_by_label("找人").fill(code)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="已办").first.click()
    expect(page.locator("tr", has_text="赵德贵")).to_contain_text("已办")


def rate(page: Page, code: str) -> None:
    page.goto("/rate/")
    page.locator("input[name=phone]").fill("13700006789")
    page.locator("input[name=code]").fill(code)
    page.locator("main form button").first.click()
    page.get_by_text("非常满意", exact=True).click()
    page.get_by_role("button", name="交评价").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("谢谢")


def served(page: Page) -> int:
    page.goto("/oversight/")
    return int(page.locator("tfoot td[data-label=已办]").inner_text())
