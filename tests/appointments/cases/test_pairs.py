"""Each step on a case behind each other one that is not committed yet: it is taken, or refused with a sentence."""

from collections.abc import Callable, Sequence
from copy import copy
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from appointments.cases import services as cases
from appointments.cases.services.settling import _deem
from appointments.cases.services.stages import Now
from appointments.models import Case, CaseStage
from assessments.services import rate
from centers.workdays import Workdays
from portal import locking
from portal.invariants import invariants
from portal.ui.errors import Changed, RuleBroken
from tests import factories, locks
from tests.appointments.cases.carrying import PAPERS, open_case
from tests.behind import all_behind, behind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def colleagues(village):
    return [factories.MembershipFactory(user__username=name, division=village).user for name in ("甲", "乙")]


@pytest.fixture
def begin(center, proxy_item, resident, cadre, officer):
    """Functions that make a new case in each of its states."""

    def lacking() -> Case:
        return open_case(center, proxy_item, resident, cadre, there=PAPERS[:1])

    def village() -> Case:
        return open_case(center, proxy_item, resident, cadre)

    def township() -> Case:
        case = village()
        return cases.forward(case=case, seen=case.stage.pk, by=cadre)

    def paused() -> Case:
        case = village()
        cases.pause(case=case, seen=case.stage.pk, by=cadre, reason="publicity", evidence="公示第3号")
        return case

    def department() -> Case:
        case = village()
        return cases.send_to_department(case=case, seen=case.stage.pk, by=cadre, office="县民政局")

    def done() -> Case:
        case = village()
        return cases.finish(case=case, seen=case.stage.pk, by=cadre, outcome="done")

    def refused() -> Case:
        case = village()
        return cases.finish(case=case, seen=case.stage.pk, by=cadre, outcome="refused", note="不符合条件")

    return {state.__name__: state for state in (lacking, village, township, paused, department, done, refused)}


@pytest.fixture
def steps(cadre, officer, colleagues):
    """What can be done to a case; each gets the case as its page shows it and the stage on that page."""
    one, two = colleagues

    def tick(case: Case, seen: int):
        return cases.tick(material=case.materials.last(), is_there=True, by=cadre)

    return {
        "tick": tick,
        "notice": lambda case, seen: cases.tell_missing(case=case, seen=seen, by=cadre),
        "accept": lambda case, seen: cases.accept(
            case=case, seen=seen, by=cadre, following=[paper.pk for paper in case.materials.all()]
        ),
        "deem": lambda case, seen: _deem(case.pk, Now(timezone.now(), Workdays())),
        "forward": lambda case, seen: cases.forward(case=case, seen=seen, by=cadre),
        "acknowledge": lambda case, seen: cases.acknowledge(case=case, seen=seen, by=officer),
        "return": lambda case, seen: cases.return_to_village(case=case, seen=seen, by=officer, reason="少一个签字"),
        "department": lambda case, seen: cases.send_to_department(case=case, seen=seen, by=cadre, office="派出所"),
        "back": lambda case, seen: cases.return_from_department(case=case, seen=seen, by=cadre),
        "pause": lambda case, seen: cases.pause(case=case, seen=seen, by=cadre, reason="publicity", evidence="第4号"),
        "resume": lambda case, seen: cases.resume(case=case, seen=seen, by=cadre),
        "finish": lambda case, seen: cases.finish(case=case, seen=seen, by=cadre, outcome="done"),
        "withdraw": lambda case, seen: cases.withdraw(case=case, seen=seen, by=cadre),
        "transfer": lambda case, seen: cases.transfer(case=case, to=one, reason="去镇里开会", by=cadre),
        "take over": lambda case, seen: cases.take_over(case=case, reason="经办人请假", by=two),
        "hand over": lambda case, seen: cases.hand_over(case=case, by=cadre, to="本人", trips_saved=1),
        "reopen": lambda case, seen: cases.reopen(case=case),
        "rate": lambda case, seen: rate(of=case, level=5, via="link"),
    }


HANDS = ("transfer", "take over", "withdraw")
# What the page of a case offers in each state.
OFFERED = {
    "lacking": ("tick", "notice", "accept", "deem", *HANDS),
    "village": ("forward", "department", "pause", "finish", *HANDS),
    "township": ("acknowledge", "return", "department", "pause", "finish", *HANDS),
    "paused": ("resume", *HANDS),
    "department": ("back", "finish", *HANDS),
    "done": ("hand over", "reopen"),
    "refused": ("rate", "reopen"),
}


def meet(case: Case, first: Callable, others: Sequence[Callable]) -> tuple:
    """All pages are shown before any step is taken."""
    shown = Case.objects.for_pages().get(pk=case.pk)
    seen = shown.stage.pk if shown.stage else 0
    return all_behind(lambda: first(copy(shown), seen), [partial(step, copy(shown), seen) for step in others])


@pytest.mark.parametrize("state", OFFERED)
def test_each_step_waits_for_each_other_and_is_taken_or_refused_with_a_sentence(state, begin, steps):
    for first in OFFERED[state]:
        case = begin[state]()
        done, answers = meet(case, steps[first], [steps[name] for name in OFFERED[state]])

        assert not isinstance(done, Exception), f"{first}: {done!r}"
        for name, answer in zip(OFFERED[state], answers, strict=True):
            assert not isinstance(answer, Exception) or isinstance(answer, RuleBroken), f"{name}/{first}: {answer!r}"
        now = Case.objects.get(pk=case.pk)
        assert CaseStage.objects.filter(case=case, ended_at=None).count() == (now.closed_at is None)
        assert now.stage is None or now.stage.level != "village" or now.stage.owner_id == now.owner_id
    assert not [sentence for sentence, rows in invariants(timezone.now()) if rows.exists()]


@pytest.mark.parametrize("second", ["transfer", "take over"])
def test_who_takes_a_case_that_has_just_been_taken_is_told_by_whom(second, begin, steps, colleagues):
    case = begin["village"]()

    done, (answer,) = meet(case, steps["take over"], [steps[second]])

    assert isinstance(done, Case) and isinstance(answer, Changed)
    assert f"刚刚转到{colleagues[1]}手上" in str(answer) and "请看看" in str(answer)
    assert Case.objects.get(pk=case.pk).owner == colleagues[1]


def test_on_the_page_the_second_who_takes_a_case_over_reads_who_has_it(begin, colleagues, signed_in):
    case, clients = begin["village"](), [signed_in(person) for person in colleagues]
    sent = {"stage": case.stage.pk, "reason": "经办人请假"}

    def post(client):
        return client.post(reverse("desk_case_step", args=[case.pk, "take-over"]), sent)

    done, answer = behind(partial(post, clients[0]), partial(post, clients[1]))

    assert (done.status_code, answer.status_code) == (302, 302)
    page = clients[1].get(answer.url).content.decode()
    assert f"刚刚转到{colleagues[0]}手上了，您这一下没有生效。请看看还要不要转。" in page
    assert Case.objects.get(pk=case.pk).owner == colleagues[0]


def test_control_locked_together_with_its_owner_it_is_not_found(begin, steps, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row locks")
    monkeypatch.setattr(locking, "locked", lambda rows, pk: rows.select_for_update(of=("self",)).get(pk=pk))
    case = begin["village"]()

    _done, (answer,) = meet(case, steps["take over"], [steps["take over"]])

    assert isinstance(answer, Case.DoesNotExist)
    assert locks.taken()
