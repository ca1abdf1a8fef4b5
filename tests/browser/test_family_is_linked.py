"""Mother and son come to the center once, and from then on he sees what she has. On a phone, counted."""

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

PHONE = {"viewport": {"width": 360, "height": 740}}


class Counted:
    """A page whose taps and screens are counted."""

    def __init__(self, page: Page):
        self.page, self.taps, self.screens = page, 0, 0
        page.on("framenavigated", lambda _frame: setattr(self, "screens", self.screens + 1))

    def tap(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.taps += 1


def test_a_family_link_takes_seven_taps_at_the_desk(new_page, sign_in, cadre, center, resident):
    desk = Counted(new_page(**PHONE))
    sign_in(desk.page, cadre)
    desk.page.goto("/desk/")
    desk.screens = 1

    desk.tap("link", "替人预约")
    desk.tap("link", "看一个人的预约、代办和家人")
    desk.page.get_by_label("姓名、电话或电话后四位").fill("5678")
    desk.tap("button", "找")
    desk.tap("link", "王桂兰")
    desk.tap("link", "登记家人")
    desk.page.get_by_label("来登记的人的姓名").fill("王建军")
    desk.page.get_by_label("他（她）的手机号").fill("139 0000 1234")
    desk.page.get_by_label("是本人的什么人").select_option("子女")
    desk.tap("button", "下一步，念给两位听")
    expect(desk.page.get_by_role("main")).to_contain_text("王建军（子女）")
    desk.tap("button", "都同意，登记")
    expect(desk.page.get_by_role("main")).to_contain_text("登记好了")

    assert (desk.taps, desk.screens) == (7, 8)
    his = new_page(**PHONE)
    sign_in(his, User.objects.get(phone="13900001234"))
    his.goto("/me/")
    expect(his.get_by_role("main")).to_contain_text("王桂兰")
    his.get_by_role("link", name="不再替他（她）约").click()
    his.get_by_role("button", name="结束").click()
    expect(his.get_by_role("main")).to_contain_text("还没有登记家人")
