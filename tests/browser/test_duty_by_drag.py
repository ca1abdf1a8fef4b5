"""Drag and drop of a shift; the form without JavaScript is tested in tests/centers/duty."""

import pytest
from playwright.sync_api import expect

from centers.models import DutyShift
from tests import factories
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_two_people_change_places(center, manager, new_page, sign_in):
    day = at(0, 0).date()
    first, second = (factories.StaffFactory(center=center, name=name) for name in ("刘晓敏", "孙梅"))
    factories.DutyShiftFactory(staff=first, date=day)
    factories.DutyShiftFactory(staff=second, date=day, part="afternoon")
    page = new_page(viewport={"width": 1280, "height": 800})
    sign_in(page, manager)
    page.goto("/desk/duty/")
    page.locator("[data-shift]", has_text="刘晓敏").drag_to(page.locator("[data-shift]", has_text="孙梅"))
    expect(page.get_by_role("status")).to_contain_text("换好了")
    assert {shift.part: shift.staff for shift in DutyShift.objects.active()} == {
        "morning": second,
        "afternoon": first,
    }
