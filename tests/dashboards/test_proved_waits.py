"""马上就能办 is said only with proof that somebody is there in that half day; else people are asked to call first."""

from datetime import time

import pytest
from django.urls import reverse

from centers.days.proof import prove
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
AT_ONCE, CALL_FIRST = "马上就能办", "还没有人来办过事，去之前请打个电话"


@pytest.fixture
def page(client, center, time_machine, settings):
    settings.WALK_IN_ONLINE = True
    time_machine.move_to(at(0, 10), tick=False)
    factories.open_on(center, *range(7), opens=time(8), closes=time(18))
    return lambda name="center": client.get(reverse(name, args=[center.code])).content.decode()


@pytest.mark.parametrize("name", ["center", "ticket_take"])
def test_without_proof(page, center, name):
    assert AT_ONCE not in page(name)
    assert f"今天上午{CALL_FIRST}" in page(name)


@pytest.mark.parametrize("name", ["center", "ticket_take"])
def test_with_proof(page, center, name):
    prove(center.pk, at(0, 9))
    assert AT_ONCE in page(name)
    assert CALL_FIRST not in page(name)


def test_the_mornings_proof_is_none_for_the_afternoon(page, center, time_machine):
    prove(center.pk, at(0, 9))
    time_machine.move_to(at(0, 14), tick=False)
    assert f"今天下午{CALL_FIRST}" in page()


def test_the_number_is_the_townships_where_the_center_has_none(page, center, township):
    center.phone = ""
    center.save()
    factories.CenterFactory(division=township, phone="0399-5559999")
    assert "tel:03995559999" in page()


def test_a_center_without_a_roster_says_so(page):
    assert "今天还没有排班" in page()


def test_its_page_leads_to_the_report_whether_somebody_is_there(page, center):
    assert reverse("here", args=[center.code]) in page()


def test_not_outside_of_its_hours(page, center, time_machine):
    time_machine.move_to(at(0, 20), tick=False)
    assert reverse("here", args=[center.code]) not in page()
