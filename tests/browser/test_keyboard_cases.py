"""W2: cases by keyboard alone, at the desk, in the township and at home."""

import pytest
from playwright.sync_api import expect

from appointments.cases import services as cases
from appointments.models import Case
from tests.appointments.cases.carrying import now, open_case, seen
from tests.browser.test_keyboard import go, tab_to, write
from tests.browser.world import everyday_item

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def item(county):
    item = everyday_item(county)
    item.handling_mode = "proxy"
    item.save()
    return item


def test_w2_a_cadre_takes_a_case_on_and_tells_what_is_missing(new_page, sign_in, cadre, center, resident, item):
    page = new_page()
    sign_in(page, cadre)
    page.goto("/desk/cases/")
    go(page, "登记代办", heading="替谁代办")
    page.keyboard.type("王桂兰")  # the field has the focus from the start
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("找到1位")
    go(page, "王桂兰", heading="代办什么")
    go(page, "养老金认证", heading="养老金认证")
    tab_to(page, "社保卡")
    page.keyboard.press("Space")
    go(page, "就代办这件事", heading="王桂兰")
    go(page, "一次告知缺什么", key="Space")
    expect(page.locator("main")).to_contain_text("告知了")
    go(page, "收到了")
    expect(page.locator("main")).to_contain_text("等村里受理")


def test_w2_an_official_takes_and_returns(new_page, sign_in, cadre, officer, center, resident, item):
    case = open_case(center, item, resident, cadre)
    cases.forward(case=case, seen=seen(case), by=cadre)
    page = new_page()
    sign_in(page, officer)
    page.goto("/oversight/cases/")
    go(page, "养老金认证", heading="养老金认证")
    go(page, "签收", key="Space")
    expect(page.locator("main")).to_contain_text("签收了")
    go(page, "退回村里", heading="退回村里")
    write(page, "为什么退回", "少一个签字")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("退回村里了")
    assert now(case).state == "village"


def test_w2_a_villager_finds_a_case_and_says_that_it_is_not_done(new_page, cadre, center, resident, item):
    case = open_case(center, item, resident, cadre)
    cases.finish(case=case, seen=seen(case), by=cadre, outcome="done")
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto("/bookings/")
    write(page, "当时留的电话", resident.phone)
    write(page, "预约码或办件码", case.code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("养老金认证")
    go(page, "没有办好", heading="还没有办好吗")
    go(page, "没有办好，请接着办", key="Space", heading="养老金认证")
    expect(page.locator("main")).to_contain_text("村里接着办")
    assert Case.objects.get().closed_at is None
