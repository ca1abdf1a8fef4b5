"""End to end on two phones: the manager invites a colleague, who scans the slip, signs in and is on the roster."""

import pytest
from playwright.sync_api import Page, expect

from portal.accounts import invitations
from tests.browser.conftest import violations

pytestmark = [pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 360, "height": 740}}
PASSWORD = "wheat-brick-61"


def counted(page: Page) -> list[str]:
    """The screens that are opened from now on, with what was a redirect left out."""
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url) if frame == page.main_frame else None)
    return seen


def test_a_colleague_is_invited_signs_in_and_is_on_the_roster(new_page, sign_in, manager, center):
    of_manager, of_colleague = new_page(**PHONE), new_page(**PHONE)
    sign_in(of_manager, manager)
    of_manager.goto("/desk/")
    screens = counted(of_manager)

    code, taps = invite(of_manager)
    assert (len(screens), taps) == (4, 4)
    assert violations(of_manager) == []

    came_through = counted(of_colleague)
    of_colleague.goto(f"/accounts/in/{code}/")  # the QR code
    assert violations(of_colleague) == []
    of_colleague.get_by_label("新密码", exact=True).fill(PASSWORD)
    of_colleague.get_by_label("再输一遍新密码").fill(PASSWORD)
    of_colleague.get_by_role("button", name="设好，登录").click()
    expect(of_colleague.get_by_role("link", name="值班", exact=True)).to_be_visible()
    assert len(came_through) == 2

    of_colleague.get_by_role("link", name="值班", exact=True).click()
    of_colleague.get_by_role("link", name="我的班").click()
    expect(of_colleague.get_by_role("link", name="请假", exact=True)).to_be_visible()


def invite(page: Page) -> tuple[str, int]:
    """From the desk; returns the code on the slip, and how many taps it took besides typing."""
    taps = 0
    for name in ("管理", "同事的登录", "请同事进来"):
        page.get_by_role("link", name=name).first.click()
        taps += 1
    page.get_by_label("姓名").fill("李红梅")
    page.get_by_label("手机号").fill("137 0000 2222")
    page.get_by_role("button", name="请进来，打印邀请单").click()
    taps += 1
    return invitations.read_code(page.locator(".slip__digits").inner_text()), taps
