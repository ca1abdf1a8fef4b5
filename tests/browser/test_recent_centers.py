"""The browser remembers the centers that it has visited: with script by a look, without where a form is filled in."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from appointments.models import Slot
from tests.browser.world import everyday_item, open_days

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def item(county, center):
    open_days(center)
    return everyday_item(county)


def known(page: Page) -> list[str]:
    return [one["value"] for one in page.context.cookies() if one["name"] == "centers"]


def test_with_script_a_look_is_enough_and_the_latest_comes_first(new_page, center, other_center, item):
    page = new_page()
    for one in (center, other_center, center):
        page.goto(reverse("center", args=[one.code]))
    assert known(page) == [f"{center.code}.{other_center.code}"]
    page.goto("/")
    expect(page.get_by_role("heading", name="您看过的中心")).to_be_visible()


def test_without_script_it_is_the_form_that_tells(new_page, center, item):
    page = new_page(java_script_enabled=False)
    page.goto(reverse("center", args=[center.code]))
    assert known(page) == []
    slot = Slot.objects.open().filter(center=center).order_by("starts_at").last()
    page.goto(reverse("book_who", args=[center.code, item.code, slot.pk]))
    assert known(page) == [center.code]
