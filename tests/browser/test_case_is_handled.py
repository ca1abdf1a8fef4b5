"""End to end: a case from the desk via the township to the villager; three people, three browsers."""

import pytest
from playwright.sync_api import Page, expect

from appointments.models import Case
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def carried(county):
    return factories.ServiceItemFactory(division=county, carried=True, materials=["身份证", "户口簿"])


def test_a_case_is_handled_and_the_villager_sees_where_it_is(
    new_page, sign_in, cadre, officer, center, carried, resident
):
    desk, township, outside = new_page(), new_page(), new_page(viewport={"width": 360, "height": 740})
    sign_in(desk, cadre)
    sign_in(township, officer)

    case = take_on(desk, resident.name)
    expect(where(outside, case)).to_contain_text("正在看材料齐不齐")

    bring_the_paper(desk)
    desk.get_by_role("button", name="送到镇里").click()
    expect(where(outside, case)).to_contain_text("等他们签收")

    take_in_and_finish(township)
    expect(where(outside, case)).to_contain_text("办成了，请到中心领取")

    desk.reload()
    hand_over(desk)
    assert Case.objects.get().trips_saved == 1


def take_on(page: Page, name: str) -> Case:
    page.goto("/desk/cases/")
    page.get_by_role("link", name="登记代办").click()
    page.get_by_label("姓名、电话或电话后四位").fill(name)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="申请低保").click()
    page.get_by_label("身份证").check()
    page.get_by_role("button", name="就代办这件事").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("申请低保")
    return Case.objects.get()


def bring_the_paper(page: Page) -> None:
    page.get_by_role("button", name="一次告知缺什么").click()
    expect(page.locator("main")).to_contain_text("一次告知过缺什么")
    page.get_by_role("button", name="收到了").click()
    page.get_by_role("button", name="材料齐了，受理").click()


def take_in_and_finish(township: Page) -> None:
    township.goto("/oversight/cases/")
    township.get_by_role("link", name="申请低保").click()
    township.get_by_role("button", name="签收").click()
    expect(township.locator("main")).to_contain_text("签收了")
    township.get_by_role("link", name="登记结果").click()
    township.get_by_role("button", name="登记结果").click()
    expect(township.locator("main")).to_contain_text("办成了")


def hand_over(desk: Page) -> None:
    desk.get_by_role("link", name="交到群众手里").click()
    desk.get_by_role("button", name="交到群众手里").click()
    expect(desk.locator("main")).to_contain_text("这件事办完了")


def where(page: Page, case: Case):
    """By telephone number and code, as somebody without the link comes there."""
    page.goto("/bookings/")
    page.get_by_label("当时留的电话").fill(case.phone)
    page.get_by_label("预约码或办件码").fill(case.code)
    page.get_by_role("button", name="查一查").click()
    return page.locator("main .lead")
