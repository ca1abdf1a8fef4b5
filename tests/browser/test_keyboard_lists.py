"""W2: duty and the waiting list by keyboard alone. The offline sheet is in test_offline_half_hour.py."""

import pytest
from playwright.sync_api import expect

from appointments.models import WaitingEntry
from centers.models import DutyShift
from tests import factories
from tests.browser.test_keyboard import go, tab_to
from tests.browser.world import everyday_item
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_w2_a_manager_puts_somebody_on_duty(new_page, sign_in, manager, center):
    factories.StaffFactory(center=center, name="刘晓敏")
    factories.DutyShiftFactory(staff=factories.StaffFactory(center=center, name="孙梅"), date=at(0, 0).date())
    page = new_page()
    sign_in(page, manager)
    page.goto("/desk/duty/")
    go(page, "改", heading="上午")
    tab_to(page, "主班")
    page.keyboard.press("ArrowUp")  # from 孙梅 to the name above hers
    go(page, "就这样安排", heading="的班")
    assert DutyShift.objects.active().get(position=DutyShift.Position.MAIN).staff.name == "刘晓敏"


def test_w2_a_cadre_takes_somebody_off_the_waiting_list(new_page, sign_in, cadre, center, county, resident):
    slot = factories.SlotFactory(center=center, starts_at=at(2, 16), online_taken=2)
    factories.WaitingEntryFactory(slot=slot, item=everyday_item(county), resident=resident)
    page = new_page()
    sign_in(page, cadre)
    page.goto("/desk/waiting/")
    go(page, "不等了", key="Space", heading="候补")
    expect(page.locator("main")).to_contain_text("现在没有人在等")
    assert WaitingEntry.objects.get().ended_at is not None
