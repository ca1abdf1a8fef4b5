"""The list of cases: sorting, filters, search, and a fixed number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appointments.cases import lists as case_lists
from appointments.cases import services as cases
from appointments.models import Case
from tests import factories
from tests.appointments.cases.carrying import open_case, seen
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
LIST = "/desk/cases/"


def shown(response) -> list[Case]:
    return [row.case for row in response.context["rows"]]


def overdue(case: Case, days: int = 1) -> Case:
    Case.objects.filter(pk=case.pk).update(promised_on=timezone.localdate() - timedelta(days=days))
    return case


def test_overdue_ones_come_first_then_ours_then_what_waits_elsewhere(signed_in, cadre, center, proxy_item, village):
    people = factories.ResidentFactory.create_batch(4, division=village)
    elsewhere, ours, late, fetch = (open_case(center, proxy_item, person, cadre) for person in people)
    cases.forward(case=elsewhere, seen=seen(elsewhere), by=cadre)
    cases.finish(case=fetch, seen=seen(fetch), by=cadre, outcome="done")
    overdue(late)
    assert shown(signed_in(cadre).get(LIST)) == [late, ours, elsewhere, fetch]


def test_each_number_opens_its_rows(signed_in, cadre, center, proxy_item, village):
    people = factories.ResidentFactory.create_batch(5, division=village)
    rows = [open_case(center, proxy_item, person, cadre) for person in people]
    cases.forward(case=rows[0], seen=seen(rows[0]), by=cadre)
    cases.finish(case=rows[1], seen=seen(rows[1]), by=cadre, outcome="done")
    overdue(rows[2])
    Case.objects.filter(pk=rows[3].pk).update(promised_on=timezone.localdate())
    client = signed_in(cadre)
    numbers = {one["group"].key: one["number"] for one in client.get(LIST).context["groups"]}
    assert numbers == {"overdue": 1, "today": 1, "here": 3, "elsewhere": 1, "fetch": 1, "over": 0}
    assert numbers == {key: len(shown(client.get(LIST, {"show": key}))) for key in numbers}


@pytest.mark.parametrize("words", ["482913", "482 913", "５６７８", "桂兰"])
def test_one_field_finds_a_case_also_one_that_is_over(signed_in, cadre, case, words):
    Case.objects.update(code="482913", closed_at=timezone.now(), outcome="refused")
    assert shown(signed_in(cadre).get(LIST, {"q": words})) == [case]


def test_it_is_filtered_by_matter_and_by_owner(signed_in, cadre, manager, center, proxy_item, item, resident):
    mine, other = open_case(center, proxy_item, resident, cadre), open_case(center, item, resident, manager)
    client = signed_in(cadre)
    assert shown(client.get(LIST, {"item": proxy_item.code})) == [mine]
    assert shown(client.get(LIST, {"owner": manager.pk})) == [other]
    assert set(shown(client.get(LIST, {"owner": "x", "item": ""}))) == {mine, other}


def test_an_officer_looks_on_with_masked_names(signed_in, officer, case):
    page = signed_in(officer).get(LIST).content.decode()
    assert "王*兰" in page
    assert "登记代办" not in page


def test_an_empty_list_says_what_to_do(signed_in, cadre, center):
    assert "现在没有在办的" in signed_in(cadre).get(LIST).content.decode()
    assert "没有找到" in signed_in(cadre).get(LIST, {"q": "没有这个人"}).content.decode()


def test_the_list_costs_the_same_whatever_its_length(
    signed_in, cadre, center, proxy_item, village, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(cadre)
    open_many(center, proxy_item, village, cadre, 20)
    with django_assert_max_num_queries(18) as counted:
        client.get(LIST)
    open_many(center, proxy_item, village, cadre, 180)
    with django_assert_num_queries(len(counted)):
        assert client.get(LIST).context["page"].paginator.count == 200


def open_many(center, item, village, cadre, number: int) -> None:
    common = {"center": center, "item": item, "first_owner": cadre, "accepted_at": at(0, 0), "accepted_as": "complete"}
    for person in factories.ResidentFactory.create_batch(number, division=village):
        case = factories.CaseFactory(resident=person, promised_on=timezone.localdate(), **common)
        factories.CaseStageFactory(case=case)


def test_each_step_at_the_desk_says_who_was_there_and_when(center, case, cadre, officer):
    cases.forward(case=case, seen=seen(case), by=cadre)
    cases.acknowledge(case=case, seen=seen(case), by=officer)
    found = list(case_lists.steps_at_desks([center.pk], at(0, 0), at(1, 0)))
    assert [(place, who) for place, who, _when in found] == [(center.pk, cadre.pk)] * 3
