"""Half an hour without a line: the list opens, arrivals are marked, and all of it is sent afterwards, each once."""

import pytest
from playwright.sync_api import Page, expect

from appointments.models import OfflineMark
from appointments.models.appointment import Status
from appointments.services import attendance
from tests import factories
from tests.browser.world import everyday_item
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def three(county, center, village):
    """Three people who are due at this very hour, whenever the suite runs; the browser's clock is the machine's."""
    item = everyday_item(county)
    people = [factories.ResidentFactory(division=village, name=name) for name in ("王桂兰", "李秀英", "赵大山")]
    return [
        factories.AppointmentFactory(
            center=center, item=item, resident=person, starts_at=at(0, 0, 0), booked_at=at(-1, 9)
        )
        for person in people
    ]


@pytest.fixture
def desk(new_page, sign_in, cadre, three) -> Page:
    page = new_page()
    sign_in(page, cadre)
    page.goto("/desk/")
    page.get_by_role("link", name="断网也能用的单子").click()
    expect(page.get_by_text("断网也能打开")).to_be_visible()
    return page


def person(page: Page, name: str):
    return page.locator("[data-rows=row] > li", has_text=name)


def test_half_an_hour_without_a_line(desk, three, manager):
    desk.context.set_offline(True)
    person(desk, "王桂兰").get_by_role("button", name="已到").click()
    expect(desk.get_by_text("记下的先存在这台电脑上")).to_be_visible()
    expect(person(desk, "王桂兰")).to_contain_text("没发")
    desk.get_by_label("姓名").fill("钱来顺")
    desk.get_by_label("来办什么").fill("开证明")
    desk.get_by_role("button", name="记下来").click()

    desk.reload()
    expect(desk.get_by_text("2条还没发出去")).to_be_visible()
    expect(person(desk, "王桂兰")).to_contain_text("已到，等候")
    person(desk, "李秀英").get_by_role("button", name="已到").click()
    person(desk, "赵大山").get_by_role("button", name="未到").click()
    expect(desk.get_by_text("4条还没发出去")).to_be_visible()
    assert OfflineMark.objects.count() == 0

    attendance.serve(appointment=three[2], by=manager)
    desk.context.set_offline(False)

    expect(desk.get_by_text("记下的马上就发出去")).to_be_visible()
    expect(desk.get_by_text("还没发出去")).to_be_hidden()
    expect(desk.get_by_text("这几条没有记上")).to_be_visible()
    expect(desk.locator("[data-rows=stuck]")).to_contain_text(f"{manager}")
    expect(person(desk, "赵大山")).to_contain_text("已办")
    for appointment in three:
        appointment.refresh_from_db()
    assert [appointment.status for appointment in three] == [Status.ARRIVED, Status.ARRIVED, Status.SERVED]
    assert sorted(OfflineMark.objects.values_list("kind", "outcome")) == [
        ("arrive", "applied"),
        ("arrive", "applied"),
        ("miss", "conflict"),
        ("note", "applied"),
    ]
