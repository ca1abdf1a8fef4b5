"""Where browsers may not keep the offline sheet, it says why and whom to tell."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

# As at an address with http://: localhost is trusted without TLS, and has a service worker.
PLAIN = """
Object.defineProperty(window, "isSecureContext", { value: false });
delete Navigator.prototype.serviceWorker;
"""
UNTRUSTED = "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('', 'SecurityError'));"


@pytest.fixture
def sheet(new_page, sign_in, cadre, center):
    def opened(script: str) -> Page:
        page = new_page()
        page.add_init_script(script)
        sign_in(page, cadre)
        page.goto("/desk/sheet/")
        return page

    return opened


def test_a_plain_address_is_named_as_the_cause(sheet):
    page = sheet(PLAIN)
    expect(page.get_by_text("要给网站装上证书")).to_be_visible()
    expect(page.get_by_text("这个浏览器存不了单子")).to_be_hidden()
    expect(page.get_by_role("link", name="打印名单")).to_be_visible()


def test_so_is_a_certificate_that_browsers_do_not_trust(sheet):
    page = sheet(UNTRUSTED)
    expect(page.get_by_text("网站的证书浏览器不认")).to_be_visible()
    expect(page.get_by_text("断网也能打开")).to_be_hidden()
