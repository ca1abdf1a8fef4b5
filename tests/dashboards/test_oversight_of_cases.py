"""The township's cases: its work list, and figures that equal the number of their rows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.cases import services as cases
from appointments.models import Case
from portal.accounts.roles import Role
from tests import factories
from tests.appointments.cases.carrying import open_case, seen
from tests.dashboards.test_oversight import said
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
PAGE, ROWS = "/oversight/cases/", "/oversight/cases/rows/"


@pytest.fixture
def carried(county):
    return factories.ServiceItemFactory(
        division=county, code="dibao", handling_mode="proxy", promised_kind="workdays", promised_limit=10
    )


@pytest.fixture
def people(village):
    return factories.ResidentFactory.create_batch(8, division=village)


def carry(center, carried, person, cadre, **moments) -> Case:
    case = open_case(center, carried, person, cadre)
    Case.objects.filter(pk=case.pk).update(**moments)
    return case


@pytest.fixture
def month(center, carried, people, cadre, officer):
    """Three closed in time, one late, two overdue and open, one returned, one given up."""
    today = timezone.localdate()
    for person in people[:4]:
        case = carry(center, carried, person, cadre)
        cases.forward(case=case, seen=seen(case), by=cadre)
        cases.finish(case=case, seen=seen(case), by=officer, outcome="done")
    Case.objects.filter(pk=case.pk).update(promised_on=today - timedelta(days=2))
    for person in people[4:6]:
        carry(center, carried, person, cadre, promised_on=today - timedelta(days=3))
    returned, given_up = (carry(center, carried, person, cadre) for person in people[6:])
    cases.forward(case=returned, seen=seen(returned), by=cadre)
    cases.give_back(case=returned, seen=seen(returned), by=officer, reason="少一个签字")
    cases.withdraw(case=given_up, seen=seen(given_up), by=cadre)


def line_of(response):
    return next(line for line in response.context["lines"] if line.code == "990101100201")


def test_on_time_is_what_was_kept_of_what_fell_due(signed_in, officer, month):
    line = line_of(signed_in(officer).get(PAGE))
    assert (line.numbers["on_time"], line.numbers["due"], said(line, "on_time")["percent"]) == (3, 6, 50)
    assert (line.numbers["open"], line.numbers["overdue"], line.numbers["returned"]) == (3, 2, 1)


def test_speed_is_the_median_of_used_to_allowed_days(signed_in, officer, month):
    line = line_of(signed_in(officer).get(PAGE))
    assert (len(line.numbers["speed"]), said(line, "speed")["median"]) == (6, 0)


@pytest.mark.parametrize("what", ["open", "overdue", "due", "on_time", "returned"])
def test_each_figure_opens_as_many_rows(signed_in, officer, month, what):
    client = signed_in(officer)
    page = client.get(ROWS, {"what": what, "center": "990101100201"}).context["page"]
    assert page.paginator.count == line_of(client.get(PAGE)).numbers[what] > 0


def test_a_stopped_clock_is_not_overdue(signed_in, officer, center, carried, resident, cadre):
    today = timezone.localdate()
    case = carry(center, carried, resident, cadre, promised_on=today - timedelta(days=1))
    Case.objects.filter(pk=case.pk).update(stopped_on=today - timedelta(days=2))
    assert line_of(signed_in(officer).get(PAGE)).numbers["overdue"] == 0


def test_what_was_opened_again_counts_as_not_closed(signed_in, officer, center, carried, resident, cadre):
    case = open_case(center, carried, resident, cadre)
    cases.finish(case=case, seen=seen(case), by=cadre, outcome="done")
    cases.reopen(case=case)
    line = line_of(signed_in(officer).get(PAGE))
    assert (line.numbers["due"], line.numbers["open"]) == (0, 1)


def test_what_has_reached_the_township_is_listed_by_day(signed_in, officer, cadre, center, carried, people):
    later, sooner, _village = (open_case(center, carried, person, cadre) for person in people[:3])
    for case in (later, sooner):
        cases.forward(case=case, seen=seen(case), by=cadre)
    Case.objects.filter(pk=sooner.pk).update(promised_on=timezone.localdate())
    response = signed_in(officer).get(PAGE)
    assert [row.case for row in response.context["reached"]] == [sooner, later]
    assert [number for _key, _word, number in response.context["groups"]] == [2, 0, 0, 0]


def test_mine_are_told_from_a_colleagues(signed_in, officer, cadre, township, center, carried, people):
    colleague = factories.MembershipFactory(user__username="colleague", division=township, role=Role.TOWNSHIP).user
    for person, by in zip(people, (officer, colleague), strict=False):
        case = open_case(center, carried, person, cadre)
        cases.forward(case=case, seen=seen(case), by=cadre)
        cases.take(case=case, seen=seen(case), by=by)
    client = signed_in(officer)
    for show in ("mine", "taken"):
        assert len(client.get(PAGE, {"show": show}).context["reached"]) == 1


def test_a_county_reads_figures_and_has_no_list_of_its_own(signed_in, county, month):
    reader = factories.MembershipFactory(user__username="reader", division=county, role=Role.COUNTY).user
    response = signed_in(reader).get(PAGE)
    assert "reached" not in response.context
    assert response.context["total"].numbers["due"] == 6


def test_a_neighbouring_officer_sees_nothing_of_ours(signed_in, stranger, month):
    response = signed_in(stranger).get(PAGE)
    assert "柳湾" not in response.content.decode()
    assert signed_in(stranger).get(ROWS, {"what": "open", "center": "990101100201"}).status_code == 404


def test_a_cadre_has_no_overview(signed_in, cadre, center):
    assert signed_in(cadre).get(PAGE).status_code == 403


def test_the_page_costs_the_same_whatever_it_holds(
    signed_in, officer, cadre, center, carried, village, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(officer)
    reach_many(center, carried, village, cadre, 20)
    with django_assert_max_num_queries(24) as counted:
        client.get(PAGE)
    reach_many(center, carried, village, cadre, 180)
    with django_assert_num_queries(len(counted)):
        assert client.get(PAGE).context["page"].paginator.count == 200


def reach_many(center, item, village, cadre, number: int) -> None:
    common = {"center": center, "item": item, "first_owner": cadre, "accepted_at": at(0, 0), "accepted_as": "complete"}
    for person in factories.ResidentFactory.create_batch(number, division=village):
        case = factories.CaseFactory(resident=person, promised_on=timezone.localdate(), **common)
        factories.CaseStageFactory(case=case, level="township", owner=None)


def test_the_official_comes_there_by_the_menu(signed_in, officer):
    assert reverse("oversight_cases") in signed_in(officer).get("/oversight/").content.decode()
