"""Half an hour offline: the list opens, arrivals are marked, and each mark is sent once afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from django.core.signals import request_started
from playwright.sync_api import Page, expect

from appointments.booking.models import Status
from appointments.desk import attendance
from appointments.models import OfflineMark
from portal.ui import assets
from tests import factories
from tests.browser.world import everyday_item
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def three(county, center, village):
    """Three people who have been due since midnight: the browser's clock is the machine's, and cannot be moved."""
    item = everyday_item(county)
    people = [factories.ResidentFactory(division=village, name=name) for name in ("王桂兰", "李秀英", "赵大山")]
    return [
        factories.AppointmentFactory(center=center, item=item, resident=one, starts_at=at(0, 0), booked_at=at(-1, 9))
        for one in people
    ]


@pytest.fixture
def desk(new_page, sign_in, cadre, three) -> Page:
    page = new_page()
    sign_in(page, cadre)
    page.goto("/desk/")
    page.get_by_role("link", name="断网用的单子").click()
    expect(page.get_by_text("断网也能打开")).to_be_visible()
    return page


@contextmanager
def offline(page: Page) -> Iterator[None]:
    """The browser is offline, and the server refuses all connections.

    Playwright's offline mode is not enough: a page or service worker that was just started is online for a moment.
    """
    reached = []

    def count(environ, **kwargs) -> None:
        reached.append(environ["PATH_INFO"])

    page.context.set_offline(True)
    request_started.connect(count)
    try:
        # Asked of each request, also on a connection that was open before.
        with patch.object(WSGIRequestHandler, "parse_request", hang_up):
            yield
    finally:
        request_started.disconnect(count)
        page.context.set_offline(False)
    assert reached == []


def hang_up(handler: WSGIRequestHandler) -> bool:
    handler.close_connection = True
    return False


def person(page: Page, name: str):
    return page.locator("[data-rows=row] > li", has_text=name)


def tap(page: Page, name: str, mark: str) -> None:
    person(page, name).get_by_role("button", name=mark).click()


def note(page: Page, name: str, matter: str) -> None:
    page.get_by_label("姓名").fill(name)
    page.get_by_label("来办什么").fill(matter)
    page.get_by_role("button", name="记下来").click()


def expect_all_sent(page: Page) -> None:
    expect(page.get_by_text("记下的马上就发出去")).to_be_visible()
    expect(page.get_by_text("还没发出去")).to_be_hidden()


def statuses(appointments) -> list[Status]:
    for appointment in appointments:
        appointment.refresh_from_db()
    return [appointment.status for appointment in appointments]


def test_half_an_hour_offline(desk, three, manager, check_accessible):
    with offline(desk):
        tap(desk, "王桂兰", "已到")
        expect(desk.get_by_text("记下的先存在这台电脑上")).to_be_visible()
        expect(person(desk, "王桂兰")).to_contain_text("没发")
        note(desk, "钱来顺", "开证明")
        expect(desk.get_by_text("2条还没发出去")).to_be_visible()

        desk.reload()
        expect(desk.get_by_text("2条还没发出去")).to_be_visible()
        expect(person(desk, "王桂兰")).to_contain_text("已到，等候")
        tap(desk, "李秀英", "已到")
        tap(desk, "赵大山", "未到")
        expect(desk.get_by_text("4条还没发出去")).to_be_visible()
        check_accessible(desk, reload=False)
        # Meanwhile a colleague, who is online, serves the one who is said here to have missed it.
        attendance.serve(appointment=three[2], by=manager)

    expect_all_sent(desk)
    expect(desk.get_by_role("heading", name="这几条没有记上")).to_be_visible()
    expect(desk.locator("[data-rows=stuck]")).to_contain_text(f"{manager}")
    expect(person(desk, "赵大山")).to_contain_text("已办")
    assert statuses(three) == [Status.ARRIVED, Status.ARRIVED, Status.SERVED]
    assert sorted(OfflineMark.objects.values_list("kind", "outcome")) == [
        ("arrive", "applied"),
        ("arrive", "applied"),
        ("miss", "conflict"),
        ("note", "applied"),
    ]
    check_accessible(desk, reload=False)

    desk.get_by_role("link", name="有2条要您处理").click()
    desk.get_by_role("button", name="登记好了").click()
    desk.get_by_role("button", name="知道了").click()
    expect(desk.get_by_text("没有要处理的")).to_be_visible()


def test_a_mark_whose_answer_is_lost_on_the_way_is_sent_again_and_set_once(desk, three):
    lost = []

    def lose_the_first(route) -> None:
        answer = route.fetch()
        if lost:
            route.fulfill(response=answer)
        else:
            lost.append(answer.json()["outcomes"])
            route.abort()

    desk.route("**/desk/sheet/marks/**", lose_the_first)
    tap(desk, "王桂兰", "已到")
    expect(desk.get_by_text("记下的先存在这台电脑上")).to_be_visible()
    expect(desk.get_by_text("1条还没发出去")).to_be_visible()
    assert len(lost) == 1 and statuses(three[:1]) == [Status.ARRIVED]

    desk.get_by_role("button", name="现在发送").click()

    expect_all_sent(desk)
    assert OfflineMark.objects.get().outcome == "applied"


@pytest.mark.once
def test_a_line_that_comes_back_during_a_try_is_tried_again_at_once(desk, three):
    held = []

    def hold_the_first(route) -> None:
        held.append(route) if not held else route.continue_()

    desk.route("**/desk/sheet/data/**", hold_the_first)
    tap(desk, "王桂兰", "已到")
    for _moment in range(100):
        if held:
            break
        desk.wait_for_timeout(50)
    desk.evaluate("dispatchEvent(new Event('online'))")
    held[0].abort()

    expect_all_sent(desk)
    assert statuses(three[:1]) == [Status.ARRIVED]


@pytest.mark.once
def test_taking_back_goes_one_step_at_a_time_also_under_a_double_tap(desk, three):
    with offline(desk):
        tap(desk, "王桂兰", "已到")
        tap(desk, "王桂兰", "已办")
        person(desk, "王桂兰").get_by_role("button", name="撤回").dblclick()
        expect(person(desk, "王桂兰")).to_contain_text("已到，等候")

    expect_all_sent(desk)
    assert statuses(three[:1]) == [Status.ARRIVED]


@pytest.mark.once
def test_taps_that_come_faster_than_they_are_written_are_judged_one_after_another(desk, three):
    with offline(desk):
        person(desk, "王桂兰").evaluate(
            "(row, words) => words.forEach(word =>"
            " [...row.querySelectorAll('button')].find(button => button.innerText.includes(word)).click())",
            ["已到", "已办", "撤回"],
        )
        expect(person(desk, "王桂兰")).to_contain_text("已到，等候")
        expect(desk.get_by_text("3条还没发出去")).to_be_visible()

    expect_all_sent(desk)
    assert statuses(three[:1]) == [Status.ARRIVED]


def test_who_was_signed_out_meanwhile_signs_in_again_and_it_is_sent(desk, three, cadre, sign_in):
    desk.context.clear_cookies(name="sessionid")
    tap(desk, "王桂兰", "已到")
    expect(desk.get_by_text("登录以后自己发出去")).to_be_visible()
    expect(desk.get_by_text("1条还没发出去")).to_be_visible()
    assert statuses(three[:1]) == [Status.BOOKED]

    sign_in(desk, cadre)
    desk.reload()

    expect_all_sent(desk)
    assert statuses(three[:1]) == [Status.ARRIVED]


@pytest.mark.once
def test_one_persons_marks_are_not_sent_in_anothers_name(desk, three, cadre, manager, sign_in):
    with offline(desk):
        tap(desk, "王桂兰", "已到")
        expect(desk.get_by_text("1条还没发出去")).to_be_visible()
        desk.context.clear_cookies()
        sign_in(desk, manager)
    desk.reload()
    expect(desk.get_by_text(f"还有1条是{cadre}记的")).to_be_visible()
    assert statuses(three[:1]) == [Status.BOOKED]

    sign_in(desk, cadre)
    desk.reload()

    expect_all_sent(desk)
    assert OfflineMark.objects.get().by == cadre


@pytest.mark.once
def test_a_role_that_was_taken_back_takes_the_list_and_leaves_the_marks(desk, three, cadre):
    cadre.memberships.update(revoked_at=at(0, 0))
    tap(desk, "王桂兰", "已到")

    expect(desk.get_by_text("现在不能登记这个中心的人")).to_be_visible()
    expect(desk.get_by_text("还有1条")).to_be_visible()
    assert person(desk, "王桂兰").count() == 0
    assert desk.evaluate("localStorage.getItem('sheet')") is None


@pytest.mark.once
def test_signing_out_takes_the_list_from_the_device(desk, three):
    desk.goto("/accounts/logout/")
    desk.get_by_role("button", name="退出登录").click()
    desk.wait_for_url("**/")

    assert desk.evaluate("localStorage.getItem('sheet')") is None


@pytest.mark.once
def test_at_the_days_end_the_list_is_gone_and_what_is_not_sent_is_kept(desk, three):
    with offline(desk):
        tap(desk, "王桂兰", "已到")
        expect(desk.get_by_text("1条还没发出去")).to_be_visible()
        desk.evaluate("localStorage.sheet = JSON.stringify({...JSON.parse(localStorage.sheet), until: Date.now() - 1})")
        desk.reload()
        expect(desk.get_by_text("这台电脑上没有今天的名单")).to_be_visible()
        expect(desk.get_by_text("还有1条")).to_be_visible()

    expect_all_sent(desk)
    assert statuses(three[:1]) == [Status.ARRIVED]


@pytest.mark.once
def test_it_is_worked_by_keyboard_and_the_focus_stays(desk, three):
    with offline(desk):
        desk.get_by_label("找人").fill("李")
        expect(person(desk, "王桂兰")).to_be_hidden()
        desk.keyboard.press("Tab")  # 加一位
        desk.keyboard.press("Tab")
        expect(person(desk, "李秀英").get_by_role("button", name="已到")).to_be_focused()
        desk.keyboard.press("Enter")
        expect(person(desk, "李秀英")).to_contain_text("已到，等候")
        expect(person(desk, "李秀英").get_by_role("button", name="已到")).to_be_focused()

    expect_all_sent(desk)
    assert statuses(three) == [Status.BOOKED, Status.ARRIVED, Status.BOOKED]


@pytest.mark.once
def test_after_a_deployment_the_old_cache_goes_and_the_new_one_opens_offline(desk, three, monkeypatch):
    before = desk.evaluate("caches.keys()")
    bundle, real = assets.bundle("sheet.css"), assets.bundle
    newer = assets.Bundle(bundle.name, bundle.body, bundle.gzipped, "0123456789ab")
    monkeypatch.setattr(assets, "bundle", lambda name: newer if name == "sheet.css" else real(name))

    desk.reload()
    for _moment in range(200):
        if len(now := desk.evaluate("caches.keys()")) == 1 and now != before:
            break
        desk.wait_for_timeout(50)
    assert now != before

    with offline(desk):
        desk.reload()
        expect(person(desk, "王桂兰")).to_be_visible()
        assert "0123456789ab" in desk.locator("link[href*='sheet.css']").get_attribute("href")


@pytest.mark.once
def test_without_script_one_is_told_to_print(new_page, sign_in, cadre, three):
    page = new_page(java_script_enabled=False)
    sign_in(page, cadre)
    page.goto("/desk/sheet/")

    expect(page.get_by_text("请现在打印一份")).to_be_visible()
    page.get_by_role("link", name="打印名单").click()
    expect(page.get_by_text("王桂兰")).to_be_visible()
