"""Races between two people at one case: one step succeeds, the other gets Changed. Controls show the race."""

import uuid
from threading import Barrier

import pytest

from appointments.cases import services as cases
from appointments.models import Case, CaseStage, CaseStep, Source
from portal.accounts.roles import Role
from portal.notifications.models import Message
from portal.ui.errors import Changed, RuleBroken
from tests import factories
from tests.appointments.cases.carrying import now, open_case, seen
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

TAPS = 8


def won(answers: list) -> list:
    return [answer for answer in answers if not isinstance(answer, Exception)]


def test_of_two_officials_one_ends_the_stage_and_the_other_gets_a_sentence(case, cadre, officer, township):
    other = factories.MembershipFactory(user__username="other", division=township, role=Role.TOWNSHIP).user
    cases.forward(case=case, seen=seen(case), by=cadre)
    stage = seen(case)
    answers = together(
        lambda act: act(case=Case.objects.get(pk=case.pk), seen=stage),
        [
            lambda **at: cases.return_to_village(**at, by=officer, reason="少一个签字"),
            lambda **at: cases.finish(**at, by=other, outcome="done"),
        ],
    )
    assert len(won(answers)) == 1
    refused = next(answer for answer in answers if isinstance(answer, Exception))
    assert isinstance(refused, Changed)
    assert now(case).steps.filter(kind__in=["returned", "finished"]).count() == 1


def test_the_control_reading_the_stage_before_ending_it_lets_both(case):
    stage, both_have_looked = CaseStage.objects.get(), Barrier(2, timeout=60)

    def careless(outcome: str) -> bool:
        looked = CaseStage.objects.get(pk=stage.pk)
        both_have_looked.wait()
        if looked.ended_at:
            return False
        looked.ended_at, looked.outcome, looked.note = looked.started_at, outcome, "少一个签字"
        looked.save()
        return True

    assert together(careless, ["returned", "finished"]) == [True, True]


def test_eight_taps_send_it_to_the_township_once(case, cadre):
    stage = seen(case)
    answers = together(lambda _tap: cases.forward(case=Case.objects.get(pk=case.pk), seen=stage, by=cadre), range(TAPS))
    assert (len(won(answers)), CaseStage.objects.count()) == (1, 2)
    assert Message.objects.filter(kind="case_forwarded", channel="sms").count() == 1


def test_one_form_sent_eight_times_at_once_opens_one_case(center, proxy_item, resident, cadre):
    key = uuid.uuid4().hex
    answers = together(lambda _tap: open_case(center, proxy_item, resident, cadre, key=key), range(TAPS))
    assert len({answer.pk for answer in answers}) == 1
    assert (Case.objects.count(), Message.objects.filter(channel="sms").count()) == (1, 1)


def test_the_control_looking_for_the_key_before_writing_opens_many(center, proxy_item, resident, cadre):
    all_have_looked = Barrier(TAPS, timeout=60)

    def careless(number: int) -> bool:
        known = Case.objects.filter(resident=resident, item=proxy_item).exists()
        all_have_looked.wait()
        if known:
            return False
        factories.CaseFactory(
            center=center,
            item=proxy_item,
            resident=resident,
            first_owner=cadre,
            source=Source.CALL,
            code=f"{100_000 + number}",
        )
        return True

    assert together(careless, range(TAPS)).count(True) > 1


def test_two_taps_tell_once_what_is_missing(unready, cadre):
    stage = seen(unready)
    answers = together(
        lambda _tap: cases.tell_missing(case=Case.objects.get(pk=unready.pk), seen=stage, by=cadre), range(TAPS)
    )
    assert len(won(answers)) == 1
    assert {answer.code for answer in answers if isinstance(answer, RuleBroken)} == {"told_before"}
    assert Message.objects.filter(kind="case_missing", channel="sms").count() == 1


def test_the_control_looking_whether_it_was_told_tells_twice(unready):
    both_have_looked, told = Barrier(2, timeout=60), []

    def careless(number: int) -> None:
        looked = Case.objects.get(pk=unready.pk)
        both_have_looked.wait()
        if looked.notice_at is None:
            told.append(number)

    together(careless, range(2))
    assert len(told) == 2


def test_of_two_who_take_over_one_does(case, cadre, village):
    colleagues = [factories.MembershipFactory(user__username=name, division=village).user for name in ("甲", "乙")]
    standing = [Case.objects.select_related("owner", "center").get(pk=case.pk) for _colleague in colleagues]
    answers = together(
        lambda pair: cases.take_over(case=pair[0], reason="经办人请假", by=pair[1]),
        list(zip(standing, colleagues, strict=True)),
    )
    assert len(won(answers)) == 1
    assert CaseStep.objects.filter(kind="transferred").count() == 1


def test_a_case_is_paused_and_sent_on_at_once_in_one_order_or_the_other(case, cadre):
    stage = seen(case)
    answers = together(
        lambda act: act(case=Case.objects.get(pk=case.pk), seen=stage, by=cadre),
        [cases.forward, lambda **at: cases.pause(**at, reason="publicity", evidence="公示第3号")],
    )
    assert len(won(answers)) == 1
    case = now(case)
    assert (case.state, bool(case.stopped_on)) in [("township", False), ("paused", True)]
