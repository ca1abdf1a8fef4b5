"""The county on a phone without script: an item is adopted, edited and ended. Counts screens and taps."""

import pytest
from playwright.sync_api import Page, expect

from appointments.models import ServiceItem

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}


class Counted:
    """Counts what a person does: each tap, and each screen that it leads to."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.screens = page, 0, 0

    def tap(self, role: str, name: str, *, same_screen: bool = False) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.taps += 1
        self.screens += not same_screen

    def since(self) -> tuple[int, int]:
        counted = (self.screens, self.taps)
        self.screens = self.taps = 0
        return counted


def test_an_item_is_adopted_edited_and_ended(new_page, sign_in, center, county_official):
    page = new_page(**PHONE)
    sign_in(page, county_official)
    page.goto("/manage/")
    person = Counted(page)

    person.tap("link", "事项目录")
    person.tap("link", "看起步目录")
    person.tap("checkbox", "申请低保", same_screen=True)
    person.tap("button", "采用打了勾的")
    person.tap("button", "采用")
    expect(page.locator("main")).to_contain_text("采用了1件")
    assert person.since() == (4, 5)

    person.tap("link", "申请低保")
    person.tap("link", "改这件事")
    person.tap("button", "第2样往上挪")
    page.get_by_label("第5样材料").fill("银行卡复印件一份")
    person.tap("button", "看看改了什么")
    person.tap("button", "就用这一版")
    expect(page.locator("main")).to_contain_text("第2版从今天起用")
    assert person.since() == (5, 5)
    item = ServiceItem.objects.current().get()
    assert (item.materials[0], item.materials[-1]) == ("户口簿", "银行卡复印件一份")

    person.tap("link", "停办")
    expect(page.locator("main")).to_contain_text("没有碰到预约")
    person.tap("button", "就停办")
    assert person.since() == (2, 2) and not ServiceItem.objects.current().exists()
    person.tap("button", "恢复办理")
    expect(page.locator("main")).to_contain_text("又能办了")
    assert person.since() == (1, 1) and ServiceItem.objects.current().exists()
