"""W2: every task by keyboard alone. Tab reaches it, the focus is seen on the way, Enter and Space do it."""

import re

import pytest
import time_machine
from playwright.sync_api import Page, expect

from appointments.models import Appointment
from tests import factories
from tests.browser.world import everyday_item, open_days
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

MANY = 90  # more stops than any page here has before its main task

# What has the focus: how it is read aloud, and whether a person sees that it has it. A radio row shows the focus on
# the label around it, so two parents count as well.
STOP = """() => {
  const stop = document.activeElement;
  if (!stop || stop === document.body) return null;
  const labels = [...(stop.labels || [])].map((label) => label.innerText);
  const name = [stop.getAttribute("aria-label") || "", ...labels, stop.innerText || ""].join(" ");
  const outlined = (part) => {
    const style = part && getComputedStyle(part);
    return !!style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = stop.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const marked = [stop, stop.parentElement, stop.parentElement.parentElement].some(outlined);
  return {name, seen: inside && marked};
}"""


def tab_to(page: Page, words: str, *, tag: str = "") -> None:
    """Press Tab until something whose name starts with `words` has the focus; every stop on the way has to be seen."""
    passed = []
    for _press in range(MANY):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            continue
        if not stop["seen"]:  # the skip link comes in within 150 ms
            page.wait_for_timeout(300)
            stop = page.evaluate(STOP)
        assert stop["seen"], f"the focus is not seen on {stop['name']!r} of {page.url}"
        passed.append(stop["name"].strip())
        if stop["name"].strip().startswith(words) and (
            not tag or page.evaluate("document.activeElement.tagName") == tag
        ):
            return
    raise AssertionError(f"Tab does not reach {words!r} on {page.url}; it reaches {passed}")


def go(page: Page, words: str, *, key: str = "Enter", heading: str | re.Pattern = "") -> None:
    tab_to(page, words)
    page.keyboard.press(key)
    if heading:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


@pytest.fixture
def item(county):
    return everyday_item(county)


def test_w2_a_villager_books_looks_up_moves_and_cancels(new_page, center, item):
    open_days(center)
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto("/")
    write(page, "您在哪个村", "lwc")
    page.keyboard.press("Enter")
    page.wait_for_url("**/centers/?*")
    go(page, "柳湾村", heading="党群服务中心")
    go(page, "约个时间来办事", heading="您要办什么")
    go(page, "养老金认证", heading="哪天来办")
    go(page, "9:00", heading="谁来办")
    tab_to(page, "给自己约")
    write(page, "办事人的姓名", "王桂兰")
    write(page, "联系电话", "13800005678")
    go(page, "就约这个时间", heading="约好了")
    code = Appointment.objects.get().code

    page.goto("/bookings/")
    write(page, "当时留的电话", "13800005678")
    write(page, "预约码", code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("约好了")
    go(page, "改时间", heading="改到什么时间")
    go(page, "10:00", heading="改到这个时间吗")
    go(page, "就改到这个时间", heading="约好了")
    go(page, "取消", heading="要取消这个预约吗")
    go(page, "取消这个预约", key="Space", heading="已经取消")


def test_w2_a_family_member_is_chosen_with_the_arrows(new_page, center, item):
    open_days(center)
    page = new_page()
    page.goto(f"/centers/{center.code}/book/{item.code}/")
    go(page, "9:00", heading="谁来办")
    tab_to(page, "给自己约")
    page.keyboard.press("ArrowDown")
    write(page, "办事人的姓名", "王桂兰")
    write(page, "联系电话", "13800005678")
    write(page, "您的姓名", "王建军")
    tab_to(page, "您是他（她）的")
    page.keyboard.press("ArrowDown")
    go(page, "就约这个时间", key="Space", heading="约好了")
    assert Appointment.objects.get().contact_name == "王建军"


def test_w2_a_refused_form_is_mended_from_its_list_of_errors(new_page, center, item):
    open_days(center)
    page = new_page()
    page.goto(f"/centers/{center.code}/book/{item.code}/")
    go(page, "9:00", heading="谁来办")
    go(page, "就约这个时间")
    expect(page.locator(".error-summary")).to_be_focused()
    go(page, "请填写姓名")
    page.keyboard.type("王桂兰")
    write(page, "联系电话", "13800005678")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("约好了")


def test_w2_a_cadre_books_for_a_caller_and_marks(new_page, sign_in, cadre, center, item):
    with time_machine.travel(at(0, 9)):
        factories.SlotFactory(center=center, starts_at=at(0, 11))
        page = new_page()
        sign_in(page, cadre)
        page.goto("/desk/")
        go(page, "替人预约", heading="替谁约")
        page.keyboard.type("赵德贵")  # the field has the focus from the start
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/book/?*")
        write(page, "电话", "13700006789")
        go(page, "登记，接着选事项", heading="要办什么")
        go(page, "养老金认证", heading="哪天来办")
        tab_to(page, "11:00")
        page.keyboard.press("Space")
        go(page, "就约这个时间", heading="请念给对方听")
        go(page, "回工作台")
        page.wait_for_url("**/desk/?*")

        for press, becomes in (("已到", "等候"), ("已办", "已办"), ("撤回", "等候")):
            mark(page, press)
            expect(page.locator("tbody tr .pill")).to_have_text(becomes)


def test_w2_what_was_pressed_keeps_the_focus(new_page, sign_in, cadre, center, item, resident):
    with time_machine.travel(at(0, 9)):
        factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 11))
        page = new_page()
        sign_in(page, cadre)
        page.goto("/desk/")
        mark(page, "已到")
        expect(page.locator("tbody tr .pill")).to_have_text("等候")
        expect(page.locator("tbody button:focus")).to_have_text("已到")


def test_w2_a_mark_that_is_used_up_leaves_the_focus_beside_it(new_page, sign_in, cadre, center, item, resident):
    with time_machine.travel(at(0, 9)):
        visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 11))
        page = new_page()
        sign_in(page, cadre)
        page.goto("/desk/")
        for press, becomes in (("已到", "等候"), ("撤回", "还没来")):
            mark(page, press)
            expect(page.locator("tbody tr .pill")).to_have_text(becomes)
        expect(page.locator(f"#a{visit.pk} button:focus")).to_have_count(1)


def test_w2_a_cadre_gives_a_number_and_calls_it(new_page, sign_in, cadre, center, item):
    page = new_page()
    sign_in(page, cadre)
    page.goto("/desk/")
    go(page, "发号", heading="发号")
    page.keyboard.press("Enter")  # the button has the focus from the start
    expect(page.get_by_role("heading", level=2).first).to_have_text("1号")
    go(page, "回工作台", heading="今天")
    go(page, "1号窗口", key="Space")
    expect(page.locator("#next")).to_have_text("叫下一位")
    go(page, "叫下一位", key="Space")
    expect(page.locator("tbody tr .pill")).to_have_text("在办 · 1号窗口")
    expect(page.locator("#next")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr .pill")).to_have_text("已办")


def test_w2_a_scanned_slip_puts_the_mark_under_the_finger(new_page, sign_in, cadre, center, item, resident):
    with time_machine.travel(at(0, 9)):
        visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 11))
        factories.AppointmentFactory(center=center, item=item, starts_at=at(0, 10))
        page = new_page()
        sign_in(page, cadre)
        page.goto("/desk/")
        tab_to(page, "找人")
        page.keyboard.type(f"http://localhost:8000/bookings/{visit.link}/")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/?*q=*")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody tr .pill")).to_have_text("还没来")  # nothing is marked by finding it
        expect(page.locator(f"#arrive-a{visit.pk}-first")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("tbody tr .pill")).to_have_text("等候")


def mark(page: Page, words: str) -> None:
    """The button in the list's own line, for the same four stand beside the person at the desk."""
    for _press in range(MANY):
        tab_to(page, words, tag="BUTTON")
        if page.evaluate("!!document.activeElement.closest('tbody')"):
            return page.keyboard.press("Space")
    raise AssertionError(words)


def test_w2_the_township_goes_from_a_figure_to_its_rows(new_page, sign_in, officer, center):
    factories.AppointmentFactory(center=center, starts_at=at(-3, 9), ends_at=at(-3, 10), served=True)
    page = new_page()
    sign_in(page, officer)
    page.goto("/oversight/")
    page.locator("tbody .number a").first.wait_for()
    tab_to(page, "1", tag="A")
    page.keyboard.press("Enter")
    page.wait_for_url("**/oversight/rows/?*")


def test_w2_signing_in(new_page, cadre):
    page = new_page()
    page.goto("/accounts/login/")
    write(page, "登录名或手机号", "cadre")
    write(page, "密码", "demo-jiamenkou")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/**")
