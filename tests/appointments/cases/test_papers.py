"""The one-time notice of missing papers, and acceptance (Administrative Licensing Law Art. 32)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.cases import services as cases
from appointments.models import Case
from portal.notifications.models import Message
from portal.ui.errors import RuleBroken
from tests.appointments.cases.carrying import now, open_case, seen
from tests.factories.appointments import at
from tests.said import words_of

pytestmark = pytest.mark.django_db


def missing(case):
    return case.materials.get(there_at__isnull=True)


def test_what_is_missing_is_said_by_message_and_on_paper(unready, signed_in, cadre):
    cases.tell_missing(case=unready, seen=seen(unready), by=cadre)
    assert "户口簿" in words_of(kind="case_missing", channel="inbox")
    page = signed_in(cadre).get(reverse("desk_case_notice", args=[unready.pk])).content.decode()
    assert "户口簿" in page
    assert "一次性告知单" in page


def test_a_second_time_says_that_it_was_told_and_sends_nothing(unready, signed_in, cadre):
    address = reverse("desk_case_step", args=[unready.pk, "notice"])
    client = signed_in(cadre)
    client.post(address, {"stage": seen(unready)})
    page = client.post(address, {"stage": seen(unready)}, follow=True).content.decode()
    assert "一次告知过了" in page
    assert Message.objects.filter(kind="case_missing", channel="sms").count() == 1


def test_with_all_papers_there_is_nothing_to_tell(unready, cadre):
    cases.tick(material=missing(unready), is_there=True, by=cadre)
    with pytest.raises(RuleBroken) as refusal:
        cases.tell_missing(case=unready, seen=seen(unready), by=cadre)
    assert refusal.value.code == "nothing_missing"


def test_a_paper_that_comes_is_ticked_and_the_case_accepted(unready, signed_in, cadre):
    client, paper = signed_in(cadre), missing(unready)
    client.post(reverse("desk_case_paper", args=[unready.pk, paper.pk]), {"there": "1"})
    client.post(reverse("desk_case_step", args=[unready.pk, "accept"]), {"stage": seen(unready)})
    assert now(unready).accepted_as == "complete"


def test_a_case_with_a_paper_missing_is_not_accepted(unready, cadre):
    with pytest.raises(RuleBroken) as refusal:
        cases.accept(case=unready, seen=seen(unready), by=cadre)
    assert (refusal.value.code, "户口簿" in str(refusal.value)) == ("papers_missing", True)


def test_a_paper_may_follow(unready, signed_in, cadre):
    address, paper = reverse("desk_case_step", args=[unready.pk, "accept-rest"]), missing(unready)
    signed_in(cadre).post(address, {"stage": seen(unready), "following": [paper.pk]})
    paper.refresh_from_db()
    assert (now(unready).accepted_as, paper.may_follow, paper.is_there) == ("following", True, False)


def test_a_paper_that_was_to_follow_can_still_come(unready, cadre):
    cases.accept(case=unready, seen=seen(unready), by=cadre, following=[missing(unready).pk])
    assert cases.tick(material=missing(unready), is_there=True, by=cadre).is_there


def test_after_the_acceptance_nothing_is_handed_back(case, cadre):
    with pytest.raises(RuleBroken):
        cases.tick(material=case.materials.first(), is_there=False, by=cadre)


def test_the_promise_runs_from_the_acceptance_and_not_from_the_opening(
    center, proxy_item, resident, cadre, time_machine
):
    time_machine.move_to(at(0, 9), tick=False)
    case = open_case(center, proxy_item, resident, cadre, there=[])
    time_machine.move_to(at(20, 9), tick=False)
    for paper in case.materials.all():
        cases.tick(material=paper, is_there=True, by=cadre)
    case = cases.accept(case=case, seen=seen(case), by=cadre)
    assert (case.promised_on - timezone.localdate(case.opened_at)).days > 30


def test_silence_for_five_workdays_counts_as_acceptance_from_the_first_day(unready, time_machine):
    opened = now(unready).opened_at
    time_machine.move_to(at(14, 9))
    assert cases.deem_accepted() == 1
    case = now(unready)
    assert (case.accepted_as, case.accepted_at) == ("deemed", opened)
    assert cases.deem_accepted() == 0


def test_whoever_was_told_in_time_is_waited_for(unready, cadre, time_machine):
    cases.tell_missing(case=unready, seen=seen(unready), by=cadre)
    time_machine.move_to(at(40, 9))
    assert cases.deem_accepted() == 0
    assert not Case.objects.get().accepted_at
