"""Invariants of cases: violations are found, and a world after many steps has none."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from appointments.cases import services as cases
from appointments.models import Case, CasePause, CaseStage
from portal import invariants
from tests import factories
from tests.appointments.cases.carrying import seen

pytestmark = pytest.mark.django_db


def broken() -> list[str]:
    return [violation.sentence for violation in invariants.violations()]


def test_the_whole_way_breaks_none(case, cadre, officer):
    cases.forward(case=case, seen=seen(case), by=cadre)
    cases.send_to_department(case=case, seen=seen(case), by=officer, office="县民政局")
    assert broken() == []
    cases.return_from_department(case=case, seen=seen(case), by=officer)
    cases.pause(case=case, seen=seen(case), by=officer, reason="hearing", evidence="听证通知第1号")
    assert broken() == []
    cases.resume(case=case, seen=seen(case), by=officer)
    cases.finish(case=case, seen=seen(case), by=officer, outcome="done")
    assert broken() == []


def test_an_open_case_without_a_stage_is_found(case):
    CaseStage.objects.update(ended_at=timezone.now(), outcome="finished")
    assert broken() == ["An open case is at exactly one stage, a closed one at none."]


@pytest.mark.parametrize("stopped", [True, False])
def test_a_clock_that_stands_still_for_nothing_or_runs_on_is_found(case, stopped):
    if stopped:
        Case.objects.update(stopped_on=timezone.localdate())
    else:
        factories.CasePauseFactory(stage=case.stage)
    assert broken() == ["A case's clock is stopped exactly during a pause or at a department."]


def test_a_case_that_went_on_without_papers_is_found(unready):
    CaseStage.objects.update(number=2)
    assert broken() == ["A case past its first stage has been accepted."]


def test_a_village_stage_in_nobodys_hands_is_found(case):
    CaseStage.objects.update(owner=None)
    assert broken() == ["A case at a village stage has an owner."]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (lambda case: Case.objects.update(closed_at=timezone.now()), "a_closed_case_has_an_outcome"),
        (lambda case: Case.objects.update(accepted_as=""), "an_accepted_case_says_how"),
        (lambda case: Case.objects.update(notice_at=timezone.now()), "a_notice_has_a_person_and_a_time"),
        (lambda case: Case.objects.update(handed_over_at=timezone.now()), "a_hand_over_follows_the_closing"),
        (lambda case: CaseStage.objects.update(ended_at=timezone.now()), "an_ended_stage_says_where_it_went"),
        (lambda case: CaseStage.objects.update(level="department"), "a_department_is_named"),
        (lambda case: CaseStage.objects.update(keeper="township"), "who_has_a_stage_keeps_it"),
        (
            lambda case: CaseStage.objects.update(ended_at=timezone.now(), outcome="returned"),
            "a_return_has_a_reason",
        ),
        (lambda case: factories.CaseStageFactory(case=case, number=2), "a_case_is_at_one_stage|casestage.case_id"),
        (lambda case: factories.CasePauseFactory(stage=case.stage, evidence=""), "a_pause_has_its_evidence"),
        (
            lambda case: factories.CaseTransferFactory(case=case, from_user=case.owner, to_user=case.owner),
            "a_transfer_goes_to_somebody_else",
        ),
        (lambda case: factories.CaseTransferFactory(case=case, reason=""), "a_transfer_has_a_reason"),
    ],
)
def test_the_database_itself_refuses(case, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change(case)


def test_a_stage_is_paused_once_at_a_time(case):
    factories.CasePauseFactory(stage=case.stage)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.CasePauseFactory(stage=case.stage)
    assert CasePause.objects.count() == 1
