"""W2: a year's notice of holidays by keyboard alone: typed in, looked at, saved and undone."""

import pytest
from playwright.sync_api import expect

from centers.models import HolidayNotice
from centers.services import calendar
from tests.browser.test_keyboard import go, tab_to, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_w2_the_county_enters_a_notice_and_undoes_it(new_page, sign_in, county_official):
    calendar.fill_ahead()
    page = new_page()
    sign_in(page, county_official)
    page.goto("/holidays/")
    go(page, "录", heading="录入放假安排")
    write(page, "通知原文", "元旦：1月1日至3日放假。")
    go(page, "看看每天变成什么", heading="每天变成什么")
    tab_to(page, "上面要注意的")
    page.keyboard.press("Space")
    go(page, "存下", heading="年放假安排")
    assert HolidayNotice.objects.standing().exists()
    go(page, "撤回这一次", heading="撤回")
    go(page, "撤回", heading="年放假安排")
    expect(page.locator("main")).to_contain_text("撤回了")
    assert not HolidayNotice.objects.standing().exists()
