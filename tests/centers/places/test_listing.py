"""各村中心和人手: the township sees where one person stands alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/manage/centers/"


def alone(client) -> list[str]:
    return [center.name for center, _people in client.get(f"{PAGE}?show=alone").context["rows"]]


def test_a_center_with_one_person_is_named(signed_in, officer, stranger, center):
    factories.StaffFactory(center=center)
    factories.StaffFactory(center=center, takes_turns=False)
    gone = factories.StaffFactory(center=center)
    assert alone(signed_in(officer)) == []
    gone.left_on = gone.joined_on
    gone.save()
    assert alone(signed_in(officer)) == [center.name]
    assert center.name not in signed_in(stranger).get(PAGE).content.decode()


def test_twenty_cost_as_many_queries_as_one(signed_in, officer, center, township, django_assert_num_queries):
    client = signed_in(officer)
    factories.StaffFactory(center=center)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for number in range(20):
        division = factories.DivisionFactory(code=f"9901011003{number:02}", name=f"新{number}村村民委员会")
        factories.StaffFactory(center=factories.CenterFactory(division=division))
    with django_assert_num_queries(len(one)):
        assert len(client.get(PAGE).context["rows"]) == 21
