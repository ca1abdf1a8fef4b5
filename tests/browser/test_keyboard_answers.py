"""W2: leave, swapping a shift, answering an offer and rating a visit by keyboard alone; the mouse is never touched."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.booking import services as booking
from appointments.invitation import rating_token
from appointments.models import Appointment, WaitingEntry
from appointments.waiting.links import offer_link
from assessments.models import Rating
from centers.models import Leave, ShiftSwap
from tests import factories
from tests.appointments.steps import book
from tests.browser.test_keyboard import go, tab_to, write
from tests.browser.world import everyday_item
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def item(county):
    return everyday_item(county)


@pytest.fixture
def her(center, cadre):
    return factories.StaffFactory(center=center, name="刘晓敏", user=cadre)


@pytest.fixture
def colleague(center, village):
    account = factories.MembershipFactory(division=village).user
    return factories.StaffFactory(center=center, name="孙梅", user=account)


@pytest.fixture
def shift(her):
    return factories.DutyShiftFactory(staff=her, date=timezone.localdate() + timedelta(days=2))


def write_date(page: Page, label: str, day: date) -> None:
    """In the order that the browser's own field asks for, which follows the language of the machine."""
    tab_to(page, label)
    page.keyboard.type(f"{day:%m%d%Y}")
    if page.evaluate("document.activeElement.value") != day.isoformat():
        for _part in range(2):
            page.keyboard.press("ArrowLeft")
        page.keyboard.type(f"{day:%Y}")
        page.keyboard.press("ArrowRight")
        page.keyboard.type(f"{day:%m%d}")
    assert page.evaluate("document.activeElement.value") == day.isoformat()


def choose(page: Page, label: str, *, down: int = 1) -> None:
    tab_to(page, label, tag="SELECT")
    for _press in range(down):
        page.keyboard.press("ArrowDown")


def test_w2_leave_is_asked_for_and_agreed_to(new_page, sign_in, cadre, manager, her):
    page, day = new_page(), timezone.localdate() + timedelta(days=40)
    sign_in(page, cadre)
    page.goto("/desk/duty/mine/")
    go(page, "请假", heading="请假")
    write_date(page, "从哪天", day)
    choose(page, "从什么时候")
    write_date(page, "到哪天", day)
    write(page, "事由", "孩子开家长会")
    go(page, "请这几天的假")
    expect(page.locator("body")).to_contain_text("请假记下了")
    asked = Leave.objects.get()
    assert (asked.first_date, asked.last_date, asked.first_part, asked.staff) == (day, day, "afternoon", her)

    desk = new_page()
    sign_in(desk, manager)
    desk.goto(reverse("duty_leave", args=[asked.pk]))
    go(desk, "同意", key="Space")
    expect(desk.locator("body")).to_contain_text("同意了。")
    assert Leave.objects.get().is_active


def test_w2_leave_is_refused_with_a_reason(new_page, sign_in, manager, her):
    leave = factories.LeaveFactory(staff=her, first_date=timezone.localdate() + timedelta(days=3))
    page = new_page()
    sign_in(page, manager)
    page.goto(reverse("duty_leave", args=[leave.pk]))
    write(page, "为什么不同意", "那天检查")
    go(page, "不同意")
    expect(page.locator("body")).to_contain_text("回了不同意")
    leave.refresh_from_db()
    assert leave.refusal == "那天检查"


def test_w2_leave_is_taken_back(new_page, sign_in, cadre, her):
    leave = factories.LeaveFactory(staff=her, first_date=timezone.localdate() + timedelta(days=3))
    page = new_page()
    sign_in(page, cadre)
    page.goto(reverse("duty_leave", args=[leave.pk]))
    go(page, "不请了，收回")
    expect(page.locator("body")).to_contain_text("收回了，这几天照常上班")
    leave.refresh_from_db()
    assert leave.withdrawn_at is not None


@pytest.mark.parametrize(("words", "outcome"), [("行，我来顶", "agreed_at"), ("我也有事，不换", "refused_at")])
def test_w2_a_shift_is_offered_and_the_colleague_answers(new_page, sign_in, cadre, colleague, shift, words, outcome):
    page = new_page()
    sign_in(page, cadre)
    page.goto("/desk/duty/mine/")
    go(page, "请人顶", heading="请人顶班")
    choose(page, "请谁来顶")
    write(page, "事由", "陪老人看病")
    go(page, "问问他（她）", heading="我的班")
    expect(page.locator("main")).to_contain_text("您在等回话")

    theirs = new_page()
    sign_in(theirs, colleague.user)
    theirs.goto("/desk/duty/mine/")
    go(theirs, words, key="Space", heading="我的班")
    expect(theirs.get_by_text("有人请您顶班")).to_have_count(0)
    assert getattr(ShiftSwap.objects.get(), outcome) is not None


def test_w2_a_question_about_a_shift_is_taken_back(new_page, sign_in, cadre, colleague, shift):
    factories.ShiftSwapFactory(shift=shift, taker=colleague, asked_by=cadre)
    page = new_page()
    sign_in(page, cadre)
    page.goto("/desk/duty/mine/")
    go(page, "不换了，收回", heading="我的班")
    expect(page.get_by_text("您在等回话")).to_have_count(0)
    assert ShiftSwap.objects.get().withdrawn_at is not None


@pytest.fixture
def offered(center, item, resident) -> WaitingEntry:
    """Somebody cancels, and the first on the waiting list is asked."""
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=1)
    taken = book(slot, item, factories.ResidentFactory(division=center.division))
    slot.refresh_from_db()
    entry = factories.WaitingEntryFactory(slot=slot, item=item, resident=resident, phone=resident.phone)
    booking.cancel(appointment=taken)
    entry.refresh_from_db()
    assert entry.is_offered()
    return entry


@pytest.mark.parametrize("address", [lambda entry: reverse("waiting", args=[entry.link]), offer_link])
def test_w2_an_offered_place_is_taken(new_page, offered, address):
    page = new_page()
    page.goto(address(offered).removeprefix("http://localhost:8000"))
    go(page, "要，就约这个时间", heading=re.compile("约[好上]了"))
    assert Appointment.objects.active().get(resident=offered.resident).starts_at == offered.slot.starts_at


def test_w2_an_offered_place_is_left_to_others(new_page, offered):
    page = new_page()
    page.goto(reverse("waiting", args=[offered.link]))
    go(page, "不要了，让给别人", key="Space", heading="不要了")
    offered.refresh_from_db()
    assert offered.outcome == "declined"


def test_w2_whoever_waits_stops_waiting(new_page, center, item, resident):
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_taken=2)
    entry = factories.WaitingEntryFactory(slot=slot, item=item, resident=resident)
    page = new_page()
    page.goto(reverse("waiting", args=[entry.link]))
    go(page, "不等了", heading="不等了")
    entry.refresh_from_db()
    assert entry.outcome == "left"


def test_w2_a_visit_is_rated_with_the_arrows(new_page, cadre, center, item, resident):
    visit = factories.AppointmentFactory(
        center=center, resident=resident, item=item, served=True, starts_at=at(-1, 9), served_by=cadre
    )
    page = new_page()
    page.goto(reverse("rate", args=[rating_token(visit)]))
    tab_to(page, "非常满意")
    page.keyboard.press("ArrowDown")
    write(page, "还想说点什么", "等得不久")
    go(page, "交评价", heading="谢谢您")
    assert (Rating.objects.get().level, Rating.objects.get().comment) == (4, "等得不久")


def test_w2_a_rating_without_a_level_is_mended(new_page, cadre, center, item, resident):
    """The browser itself asks for the level and puts the focus there."""
    visit = factories.AppointmentFactory(
        center=center, resident=resident, item=item, served=True, starts_at=at(-1, 9), served_by=cadre
    )
    page = new_page()
    page.goto(reverse("rate", args=[rating_token(visit)]))
    go(page, "交评价", heading="这次办得怎么样")
    assert page.evaluate("document.activeElement.name") == "level"
    page.keyboard.press("Space")
    go(page, "交评价", heading="谢谢您")
    assert Rating.objects.get().level == 5
