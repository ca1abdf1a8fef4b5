"""赶集日: a village's manager or the township says when; the days follow on the center's page."""

import pytest
from django.urls import reverse

from centers.models import MarketDay, MarketRule
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/manage/markets/"


@pytest.mark.parametrize("who", ["manager", "officer"])
def test_its_days_follow(request, who, signed_in, village, center, client):
    user = signed_in(request.getfixturevalue(who))
    user.post(PAGE, {"division": village.pk, "calendar": "week", "digits": "3、6"})
    user.post(PAGE, {"division": village.pk, "calendar": "week", "digits": "6 3"})
    rule = MarketRule.objects.get()
    assert rule.digits == "3,6" and {day.date.isoweekday() for day in MarketDay.objects.all()} == {3, 6}
    assert "赶集" in client.get(reverse("center", args=[center.code])).content.decode()
    assert len(user.get(PAGE).context["rows"][0][1]) == 3
    user.post(f"{PAGE}{rule.pk}/remove/")
    assert not MarketDay.objects.exists()


@pytest.mark.parametrize("digits", ["三八", "8", "0", "3-8", ""])
def test_what_is_no_weekday_is_refused(signed_in, manager, village, center, digits):
    answer = signed_in(manager).post(PAGE, {"division": village.pk, "calendar": "week", "digits": digits})
    assert (answer.status_code, MarketRule.objects.count()) == (422, 0)


def test_nobody_sets_those_of_another_place(signed_in, stranger, cadre, village, center):
    rule = factories.MarketRuleFactory(division=village)
    given = {"division": village.pk, "calendar": "week", "digits": "3"}
    assert signed_in(stranger).post(PAGE, given).status_code == 422
    signed_in(stranger).post(f"{PAGE}{rule.pk}/remove/")
    assert signed_in(cadre).post(PAGE, given).status_code == 403
    assert list(MarketRule.objects.all()) == [rule]
