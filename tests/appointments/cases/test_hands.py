"""Levels and owners: village and township act on their own stages; returns and transfers are counted."""

import pytest
from django.urls import reverse

from appointments.cases import services as cases
from appointments.models import CaseStage, CaseTransfer
from portal.accounts.roles import Role
from portal.ui.errors import Changed, RuleBroken
from tests import factories
from tests.appointments.cases.carrying import now, seen
from tests.said import words_of

pytestmark = pytest.mark.django_db


def step(case, name: str) -> str:
    return reverse("desk_case_step", args=[case.pk, name])


@pytest.fixture
def in_town(case, cadre):
    return cases.forward(case=case, seen=seen(case), by=cadre)


def test_the_township_does_not_act_on_what_the_village_has(case, signed_in, officer):
    assert signed_in(officer).post(step(case, "forward"), {"stage": seen(case)}).status_code == 403


def test_the_village_does_not_act_on_what_the_township_has(in_town, signed_in, cadre):
    assert signed_in(cadre).post(step(in_town, "return"), {"stage": seen(in_town)}).status_code == 403


def test_who_oversees_without_the_right_only_looks(case, signed_in, village):
    liaison = factories.MembershipFactory(user__username="liaison", division=village, role=Role.LIAISON).user
    page = signed_in(liaison).get(reverse("desk_case", args=[case.pk]))
    assert (page.status_code, "王*兰" in page.content.decode()) == (200, True)
    assert signed_in(liaison).post(step(case, "forward"), {"stage": seen(case)}).status_code == 403


def test_another_townships_case_is_not_there(case, signed_in, stranger):
    assert signed_in(stranger).get(reverse("desk_case", args=[case.pk])).status_code == 404
    assert signed_in(stranger).post(step(case, "take"), {"stage": seen(case)}).status_code == 404


def test_a_page_of_yesterday_gets_a_sentence_and_changes_nothing(case, signed_in, cadre):
    client, old = signed_in(cadre), seen(case)
    client.post(step(case, "forward"), {"stage": old})
    page = client.post(step(case, "forward"), {"stage": old}, follow=True).content.decode()
    assert "您这一下没有生效" in page
    assert CaseStage.objects.count() == 2


def test_an_official_sees_the_name_only_while_it_is_in_their_hands(in_town, signed_in, officer, cadre):
    address, client = reverse("desk_case", args=[in_town.pk]), signed_in(officer)
    assert "王桂兰" in client.get(address).content.decode()
    cases.return_to_village(case=in_town, seen=seen(in_town), by=officer, reason="少一个签字")
    assert "王桂兰" not in client.get(address).content.decode()


def test_what_has_reached_the_township_is_taken_by_one(in_town, officer, township):
    colleague = factories.MembershipFactory(user__username="colleague", division=township, role=Role.TOWNSHIP).user
    cases.acknowledge(case=in_town, seen=seen(in_town), by=officer)
    with pytest.raises(Changed):
        cases.acknowledge(case=in_town, seen=seen(in_town), by=colleague)
    assert now(in_town).stage.owner == officer


def test_a_return_needs_its_reason_and_is_counted(in_town, signed_in, officer, cadre):
    client = signed_in(officer)
    assert "请填写" in client.post(step(in_town, "return"), {"stage": seen(in_town)}).content.decode()
    client.post(step(in_town, "return"), {"stage": seen(in_town), "reason": "授权书少一个签字"})
    assert now(in_town).state == "village"
    page = signed_in(cadre).get(reverse("desk_case", args=[in_town.pk])).content.decode()
    assert "退回1次" in page
    assert "授权书少一个签字" in page


def test_a_department_is_named(in_town, signed_in, officer):
    page = signed_in(officer).post(step(in_town, "department"), {"stage": seen(in_town)})
    assert "请填写送到哪个部门" in page.content.decode()
    assert now(in_town).state == "township"


def test_what_the_village_sent_to_a_department_comes_back_to_the_village(case, signed_in, cadre, officer):
    cases.send_to_department(case=case, seen=seen(case), by=cadre, office="派出所")
    assert signed_in(officer).post(step(case, "back"), {"stage": seen(case)}).status_code == 403
    signed_in(cadre).post(step(case, "back"), {"stage": seen(case)})
    assert (now(case).state, now(case).stage.keeper) == ("village", "village")


def test_sending_on_is_told_to_the_villager(in_town):
    assert "已送到镇里" in words_of(kind="case_forwarded", channel="sms")


def test_a_case_is_given_to_a_colleague_and_the_first_owner_stays(case, signed_in, cadre, manager):
    address = step(case, "transfer")
    signed_in(cadre).post(address, {"stage": seen(case), "to": manager.pk, "reason": "去县里学习一周"})
    case = now(case)
    assert (case.owner, case.first_owner, case.stage.owner) == (manager, cadre, manager)
    assert CaseTransfer.objects.get().kind == "transfer"


def test_the_backup_takes_over(case, signed_in, manager, cadre):
    signed_in(manager).post(step(case, "take-over"), {"stage": seen(case), "reason": "经办人请假"})
    assert (now(case).owner, now(case).first_owner) == (manager, cadre)
    assert "首接责任人" in signed_in(manager).get(reverse("desk_case", args=[case.pk])).content.decode()


def test_a_case_is_not_given_to_somebody_from_elsewhere(case, cadre, officer):
    with pytest.raises(RuleBroken) as refusal:
        cases.transfer(case=case, to=officer, reason="别处", by=cadre)
    assert refusal.value.code == "not_a_handler"


def test_a_case_is_not_taken_over_from_oneself(case, cadre):
    with pytest.raises(RuleBroken) as refusal:
        cases.take_over(case=case, reason="自己", by=cadre)
    assert refusal.value.code == "same_owner"


def test_the_next_step_of_who_waits_is_to_wait(in_town, signed_in, cadre):
    response = signed_in(cadre).get(reverse("desk_case", args=[in_town.pk]))
    assert response.context["first"] is None
    assert [step.key for step in response.context["others"]] == ["transfer", "withdraw"]


@pytest.mark.parametrize("name", ["forward", "finish", "no-such-step"])
def test_a_link_of_yesterday_leads_to_the_case_as_it_is(in_town, signed_in, cadre, name):
    answer = signed_in(cadre).get(step(in_town, name))
    assert answer.status_code == (404 if name == "no-such-step" else 302)


def test_a_step_that_needs_words_is_a_link_to_its_page_and_one_that_needs_none_a_button(in_town, signed_in, officer):
    page = signed_in(officer).get(reverse("desk_case", args=[in_town.pk])).content.decode()
    assert f'href="{step(in_town, "department")}"' in page
    assert f'action="{step(in_town, "take")}"' in page
    assert f'action="{step(in_town, "department")}"' not in page
