"""The start page of each role after sign-in."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "where"),
    [("cadre", "desk"), ("manager", "desk"), ("officer", "oversight"), ("villager", "me"), ("son", "me")],
)
def test_everybody_starts_at_their_own_work(signed_in, request, who, where):
    answer = signed_in(request.getfixturevalue(who)).get(reverse("start"))

    assert answer["Location"] == reverse(where)


def test_whoever_keeps_the_data_starts_there(signed_in, db):
    keeper = factories.UserFactory(is_staff=True)

    assert signed_in(keeper).get(reverse("start"))["Location"] == reverse("admin:index")
