"""A whole day: a villager's phone, the cadre's desk and the wall of the hall, with the manager and the township beside.

Leave that touches a booking; a walk-in; a missed place and a cancelled one offered on; a line that is down; a case
that goes to the township and back.
"""

from collections.abc import Callable
from datetime import time

import pytest
from playwright.sync_api import Page, expect

from appointments.booking.models import Status
from appointments.models import Appointment, Case, Slot, Ticket, WaitingEntry
from appointments.slots import making
from centers.models import DutyShift
from portal.notifications.models import Message
from tests import factories
from tests.appointments.steps import book
from tests.browser.test_case_is_handled import hand_over, take_in_and_finish, where
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def clock(time_machine) -> Callable[[int, int], None]:
    """Today's clock; the browsers keep their own, as some people's do."""

    def move(hour: int, minute: int) -> None:
        time_machine.move_to(at(0, hour, minute), tick=True)

    move(8, 20)
    return move


@pytest.fixture
def item(county):
    return factories.ServiceItemFactory(division=county, carried=True)


@pytest.fixture
def day(clock, center, cadre, item):
    """Open all day; 刘晓敏 sits at the desk, in the morning with a backup. One place a half hour, one for walk-ins."""
    today = at(0, 8).date()
    factories.CalendarDayFactory(date=today, kind="workday")
    for opens, closes in ((time(8, 30), time(11, 30)), (time(14, 0), time(17, 30))):
        factories.OpeningRuleFactory(
            center=center, weekday=today.weekday(), opens=opens, closes=closes, online_places=1, desk_places=0
        )
    at_desk = factories.StaffFactory(center=center, name="刘晓敏", user=cadre)
    steps_in = factories.StaffFactory(center=center, name="孙梅")
    for part in ("morning", "afternoon"):
        factories.DutyShiftFactory(staff=at_desk, date=today, part=part)
    factories.DutyShiftFactory(staff=steps_in, date=today, part="morning", position=DutyShift.Position.BACKUP)
    making.make_between([center], today, today)
    return today


@pytest.fixture
def booked(day, center, village, item, clock):
    """李秀英 at nine, who does not come; 赵大山 at half past; 钱大娘 in the afternoon, when nobody will be there."""

    def at_time(name: str, hour: int, minute: int = 0) -> Appointment:
        slot = Slot.objects.get(center=center, starts_at=at(0, hour, minute))
        return book(slot, item, factories.ResidentFactory(division=village, name=name))

    people = at_time("李秀英", 9), at_time("赵大山", 9, 30), at_time("钱大娘", 15)
    clock(8, 35)  # from here on nobody is idle for half an hour, and so nobody is signed out
    return people


@pytest.fixture
def pages(new_page, sign_in, cadre, manager, booked) -> dict[str, Page]:
    pages = {name: new_page() for name in ("desk", "manager", "township", "wall")}
    pages |= {name: new_page(**PHONE) for name in ("villager", "waiting")}
    sign_in(pages["desk"], cadre)
    sign_in(pages["manager"], manager)
    return pages


def test_a_whole_day(pages, booked, center, clock, sign_in, officer, check_accessible):
    desk, wall = pages["desk"], pages["wall"]
    missed, without_a_line, touched = booked

    book_online(pages["villager"], center)
    entry = join_the_list(pages["waiting"], center)
    leave_this_afternoon(desk, pages["manager"], touched)

    clock(9, 0)
    wall.goto(f"/centers/{center.code}/screen/")
    give_a_number(desk)
    clock(9, 11)
    miss(desk, missed)
    call_next(desk, "叫下一位")
    # The place of whoever did not come serves the one who walked in; the wall says so without a name.
    expect(wall.locator(".call--latest")).to_have_text("1号 1号窗口")
    expect(wall.locator("body")).not_to_contain_text("李秀英")

    cancel_online(pages["villager"])
    accept_the_offer(pages["waiting"], entry)

    clock(9, 35)
    arrive_offline(desk, without_a_line)
    call_next(desk, "办好了，叫下一位")
    expect(wall.locator(".call--latest")).to_have_text("2号 1号窗口")

    case = carry(desk, without_a_line)
    sign_in(pages["township"], officer)
    take_in_and_finish(pages["township"])
    expect(where(pages["villager"], case)).to_contain_text("办成了，请到中心领取")
    desk.goto(f"/desk/cases/{case.pk}/")
    hand_over(desk)

    states = {name: Appointment.objects.get(resident__name=name).status for name in ("李秀英", "赵大山", "钱来顺")}
    assert states == {"李秀英": Status.MISSED, "赵大山": Status.ARRIVED, "钱来顺": Status.BOOKED}
    assert [(ticket.number, ticket.done_at is not None) for ticket in Ticket.objects.order_by("number")] == [
        (1, True),
        (2, False),
    ]
    for page in (desk, wall):
        check_accessible(page)


def book_online(page: Page, center) -> None:
    """Ten o'clock, the last place then. Who is there today stands on the center's page."""
    page.goto(f"/centers/{center.code}/")
    expect(page.locator("main")).to_contain_text("刘晓敏")
    page.goto(f"/centers/{center.code}/book/dibao/")
    page.locator("#times").get_by_role("link", name="10:00").click()
    page.get_by_label("姓名").first.fill("王桂兰")
    page.get_by_label("电话", exact=False).first.fill("13800005678")
    page.get_by_role("button", name="就约这个时间").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("约好")


def join_the_list(page: Page, center) -> WaitingEntry:
    page.goto(f"/centers/{center.code}/book/dibao/")
    page.locator("#times").get_by_role("link", name="10:00").click()
    page.get_by_label("姓名").first.fill("钱来顺")
    page.get_by_label("电话", exact=False).first.fill("13900009999")
    page.get_by_role("button", name="排候补").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第1位")
    return WaitingEntry.objects.get()


def leave_this_afternoon(desk: Page, manager: Page, touched: Appointment) -> None:
    desk.goto("/desk/duty/mine/")
    desk.get_by_role("link", name="请假").click()
    today = f"{at(0, 8):%Y-%m-%d}"
    desk.get_by_label("从哪天").fill(today)
    desk.get_by_label("从什么时候").select_option(label="下午起")
    desk.get_by_label("到哪天").fill(today)
    desk.get_by_role("button", name="请这几天的假").click()
    expect(desk.locator("main")).to_contain_text("碰到1个预约")

    manager.goto(desk.url.replace(desk.url.split("/desk/")[0], ""))
    expect(manager.locator("main")).to_contain_text("钱大娘")
    manager.get_by_role("button", name="同意", exact=True).click()
    expect(manager.locator("main")).to_contain_text("这会碰到1个预约")
    manager.get_by_role("button", name="同意", exact=True).click()
    expect(manager.locator("main")).to_contain_text("消息在路上")
    assert Message.objects.filter(subject=f"appointment:{touched.pk}", kind="closed", channel="sms").exists()
    # Nobody is at the desk in the afternoon now: nothing more can be booked then, and what is booked stands.
    assert not Slot.objects.open().filter(starts_at__gte=at(0, 14), starts_at__lt=at(1, 0)).exists()
    assert Appointment.objects.get(pk=touched.pk).status == Status.BOOKED


def give_a_number(desk: Page) -> None:
    desk.goto("/desk/")
    desk.get_by_role("button", name="1号窗口", exact=True).click()
    desk.get_by_role("link", name="发号").click()
    desk.get_by_role("button", name="发一个号").click()
    expect(desk.get_by_role("heading", name="1号", exact=True)).to_be_visible()


def miss(desk: Page, appointment: Appointment) -> None:
    desk.goto("/desk/")
    row = desk.locator("tr.desk-row", has_text=appointment.resident.name)
    row.get_by_role("button", name="未到").click()
    expect(row).to_contain_text("未到")


def call_next(desk: Page, words: str) -> None:
    desk.goto("/desk/")
    desk.get_by_role("button", name=words, exact=True).click()
    expect(desk.locator("#person")).to_contain_text("在1号窗口")


def cancel_online(page: Page) -> None:
    page.get_by_role("link", name="取消").first.click()
    page.get_by_role("button", name="取消这个预约").click()
    expect(page.locator("main")).to_contain_text("已取消")


def accept_the_offer(page: Page, entry: WaitingEntry) -> None:
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("轮到您了")
    page.get_by_role("button", name="要，就约这个时间").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("约")
    entry.refresh_from_db()
    assert entry.appointment.resident.name == "钱来顺"


def arrive_offline(desk: Page, appointment: Appointment) -> None:
    desk.goto("/desk/")
    desk.get_by_role("link", name="断网用的单子").click()
    expect(desk.get_by_text("断网也能打开")).to_be_visible()
    desk.context.set_offline(True)
    line = desk.locator("[data-rows=row] > li", has_text=appointment.resident.name)
    line.get_by_role("button", name="已到").click()
    expect(desk.get_by_text("1条还没发出去")).to_be_visible()
    appointment.refresh_from_db()
    assert appointment.status == Status.BOOKED
    desk.context.set_offline(False)
    expect(desk.get_by_text("还没发出去")).to_be_hidden()
    appointment.refresh_from_db()
    assert appointment.status == Status.ARRIVED


def carry(desk: Page, appointment: Appointment) -> Case:
    desk.goto(f"/desk/appointments/{appointment.pk}/")
    desk.get_by_role("link", name="转代办").click()
    desk.get_by_label("身份证").check()
    desk.get_by_role("button", name="就代办这件事").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("申请低保")
    desk.get_by_role("button", name="送到镇里").click()
    expect(desk.locator("main")).to_contain_text("镇里")
    return Case.objects.get()
