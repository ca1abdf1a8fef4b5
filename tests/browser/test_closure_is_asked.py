"""A closure: asked on a phone, approved at the township, the people told and settled; each finds it in 要您做的.

And the desk at 1366 x 768 shows ten rows of its list.
"""

from datetime import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.slots import making
from centers.models import ClosureNotice
from tests import factories
from tests.appointments.steps import book
from tests.browser.conftest import violations
from tests.factories.appointments import at
from tests.said import words_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

PHONE = {"viewport": {"width": 360, "height": 740}}
DESK = {"viewport": {"width": 1366, "height": 768}}


class Taps:
    """What somebody does on a page, counted: taps and typed fields, and the screens that they see."""

    def __init__(self, page: Page):
        self.page, self.taps, self.screens = page, 0, 0
        page.on("framenavigated", self._one_more)

    def _one_more(self, _frame) -> None:
        self.screens += 1

    def tap(self, *, link: str = "", button: str = "") -> None:
        role, name = ("link", link) if link else ("button", button)
        self.page.get_by_role(role, name=name).first.click()
        self.taps += 1

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label).fill(text)
        self.taps += 1


@pytest.fixture
def booked(center, item, resident):
    day = at(3, 9).date()
    factories.OpeningRuleFactory(center=center, weekday=day.weekday(), opens=time(8, 30), closes=time(11, 30))
    factories.CalendarDayFactory(date=day, kind="workday")
    making.make_between([center], day, day)
    return book(center.slots.get(starts_at=at(3, 9)), item, resident)


def test_a_closure_is_asked_approved_and_told(new_page, sign_in, center, manager, officer, booked):
    asks, decides = Taps(new_page(**PHONE)), Taps(new_page(**DESK))
    sign_in(asks.page, manager)
    sign_in(decides.page, officer)
    asks.page.goto("/desk/")
    expect(asks.page.get_by_text("都办完了")).to_be_visible()
    asks.screens = 1
    asks.tap(link="管理")
    asks.tap(link="临时停开")
    asks.tap(link="申请停开")
    day = timezone.localdate(booked.starts_at).isoformat()
    asks.type("从哪天", day)
    asks.type("到哪天", day)
    asks.page.get_by_text("农忙").click()
    asks.taps += 1
    asks.page.locator("main form button.button--primary").click()
    asks.taps += 1
    expect(asks.page.get_by_text("能批准的人")).to_be_visible()

    decides.page.goto("/oversight/")
    decides.screens = 1
    decides.tap(link="个停开等批准")
    decides.tap(link="看看碰到谁")
    decides.page.get_by_text("系统马上发消息").click()
    decides.taps += 1
    decides.tap(button="批准停开")
    expect(decides.page.get_by_text("马上停约")).to_be_visible()
    assert ClosureNotice.objects.get().approved_by == officer
    assert words_of(kind="closed", channel="sms")

    asks.page.goto("/desk/")
    expect(asks.page.get_by_role("link", name="1 个预约要安置")).to_be_visible()
    assert not violations(asks.page)
    decides.page.goto("/oversight/")
    expect(decides.page.get_by_text("都办完了")).to_be_visible()
    # The screens and taps of the docs (docs/manual/manager.md, township.md).
    assert (asks.screens - 1, asks.taps, decides.screens - 1, decides.taps) == (5, 7, 4, 4)


def test_the_desk_shows_ten_rows(new_page, sign_in, center, manager, booked):
    for number in range(1, 13):
        factories.TicketFactory(center=center, number=number)
    factories.PresenceReportFactory(center=center)
    factories.OfflineMarkFactory(center=center, kind="note")
    page = new_page(**DESK)
    sign_in(page, manager)
    page.goto("/desk/")
    expect(page.get_by_role("heading", name="要您做的")).to_be_visible()
    seen = "rows => rows.filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"
    assert page.locator(".desk-list tbody tr").evaluate_all(seen) >= 10
