"""Closing: outcome with its reason, hand-over, and reopening when the villager says it is not done."""

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.cases import services as cases
from appointments.models import CaseStep
from portal.ui.errors import RuleBroken
from tests.appointments.cases.carrying import now, open_case, seen
from tests.factories.appointments import at
from tests.said import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(case, cadre):
    return cases.finish(case=case, seen=seen(case), by=cadre, outcome="done")


def test_what_is_done_waits_to_be_fetched_and_says_so(done):
    assert done.state == "fetch"
    assert "请到柳湾村中心领取" in words_of(kind="case_finished", channel="sms")


def test_a_refusal_owes_its_reason(case, signed_in, cadre):
    address = reverse("desk_case_step", args=[case.pk, "finish"])
    page = signed_in(cadre).post(address, {"stage": seen(case), "outcome": "refused"})
    assert (page.status_code, now(case).closed_at) == (422, None)
    assert "请写清楚为什么" in page.content.decode()


def test_a_refusal_with_its_reason_is_told(case, cadre):
    cases.finish(case=case, seen=seen(case), by=cadre, outcome="refused", note="人均收入高于低保线")
    assert "人均收入高于低保线" in words_of(kind="case_finished", channel="inbox")


def test_what_lacks_papers_cannot_be_done(unready, cadre):
    with pytest.raises(RuleBroken) as refusal:
        cases.finish(case=unready, seen=seen(unready), by=cadre, outcome="done")
    assert refusal.value.code == "not_accepted"


def test_the_result_is_handed_over_once_with_the_trips_that_it_saved(done, cadre, manager):
    cases.hand_over(case=done, by=cadre, to="王建军", trips_saved=2)
    cases.hand_over(case=done, by=manager, to="别人", trips_saved=9)
    case = now(done)
    assert (case.handed_over_to, case.handed_over_by, case.trips_saved) == ("王建军", cadre, 2)
    assert case.state == "over"


def test_trips_are_counted_by_the_places_that_it_went_to(case, cadre, officer, signed_in):
    cases.forward(case=case, seen=seen(case), by=cadre)
    cases.send_to_department(case=case, seen=seen(case), by=officer, office="县民政局")
    cases.finish(case=case, seen=seen(case), by=officer, outcome="done")
    form = signed_in(cadre).get(reverse("desk_case_step", args=[case.pk, "hand-over"])).context["form"]
    assert form["trips_saved"].value() == 2


def test_nothing_is_handed_over_before_it_is_done(case, cadre):
    with pytest.raises(RuleBroken) as refusal:
        cases.hand_over(case=case, by=cadre, to="王桂兰", trips_saved=1)
    assert refusal.value.code == "not_done"


def test_a_department_may_be_the_last_stage_and_its_time_is_not_ours(case, cadre, time_machine):
    cases.send_to_department(case=case, seen=seen(case), by=cadre, office="派出所")
    time_machine.move_to(at(40, 9))
    case = cases.finish(case=case, seen=seen(case), by=cadre, outcome="done")
    assert timezone.localdate(case.closed_at) <= case.promised_on


def test_closing_ends_a_pause(case, cadre):
    cases.pause(case=case, seen=seen(case), by=cadre, reason="villager", evidence="本人签字")
    cases.withdraw(case=case, seen=seen(case), by=cadre, note="孩子回来自己办")
    assert (now(case).outcome, now(case).stopped_on) == ("withdrawn", None)


def test_the_villager_says_within_a_week_that_it_is_not_done(done, client):
    page = client.get(reverse("case", args=[done.link])).content.decode()
    assert "没有办好" in page
    client.post(reverse("case_again", args=[done.link]))
    case = now(done)
    assert (case.closed_at, case.outcome, case.state) == (None, "", "village")
    assert CaseStep.objects.filter(kind="reopened", by=None).exists()


def test_an_early_closing_is_void_and_the_promise_stays(done, client):
    before = done.promised_on
    client.post(reverse("case_again", args=[done.link]))
    client.post(reverse("case_again", args=[done.link]))
    assert now(done).promised_on == before
    assert now(done).stages.count() == 2


def test_after_a_week_it_is_too_late(done, client, time_machine):
    time_machine.move_to(at(8, 9))
    page = client.post(reverse("case_again", args=[done.link]), follow=True).content.decode()
    assert "办结已经超过7天" in page
    assert now(done).closed_at


def test_what_the_villager_gave_up_is_not_opened_again(center, proxy_item, resident, cadre, client):
    case = open_case(center, proxy_item, resident, cadre)
    cases.withdraw(case=case, seen=seen(case), by=cadre)
    assert client.get(reverse("case_again", args=[case.link])).status_code == 302
    assert "没有办好" not in client.get(reverse("case", args=[case.link])).content.decode()


def test_the_desk_opens_it_again_for_a_caller(done, signed_in, cadre):
    client = signed_in(cadre)
    address = reverse("desk_case_step", args=[done.pk, "again"])
    assert address in client.get(reverse("desk_case", args=[done.pk])).content.decode()
    client.post(address, {"stage": 0, "why": "卡还没有开通"})
    assert now(done).state == "village"
    assert CaseStep.objects.get(kind="reopened").note == "卡还没有开通"
