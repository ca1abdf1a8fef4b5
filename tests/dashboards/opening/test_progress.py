"""开通进度: what each village lacks, a next step that the reader may open, counts that open their villages."""

import re

import pytest

from portal.accounts.roles import Role
from portal.dashboards.opening.progress import villages_in
from tests import factories

pytestmark = pytest.mark.django_db
PROGRESS = "/manage/opening/"


@pytest.fixture
def bare(township):
    return factories.DivisionFactory(code="990101100211", name="新村村民委员会")


def missing(client, code: str, **asked) -> list[str] | None:
    rows = client.get(PROGRESS, asked).context["rows"]
    return next(
        ([step.code for step in village.missing] for village, _next in rows if village.division.code == code), None
    )


def test_each_step_is_done_once_its_rows_are_there(signed_in, officer, bare, county):
    client, left = signed_in(officer), ["center", "hours", "people", "roster", "items", "booking"]
    assert missing(client, bare.code) == left
    center = factories.CenterFactory(division=bare)

    for step, do in [
        ("center", lambda: None),
        ("hours", lambda: factories.OpeningRuleFactory(center=center)),
        ("people", lambda: factories.MembershipFactory(division=bare, role=Role.MANAGER)),
        ("roster", lambda: factories.RosterFactory(center=center, published=True)),
        ("items", lambda: factories.ServiceItemFactory(division=county)),
        ("booking", lambda: factories.AppointmentFactory(center=center)),
    ]:
        do()
        left.remove(step)
        assert missing(client, bare.code) == left


def test_a_figure_opens_its_villages(signed_in, officer, bare, center):
    client = signed_in(officer)
    counts = {step.code: (done, lacking) for step, done, lacking in client.get(PROGRESS).context["counts"]}

    assert counts["center"] == (1, 1)
    assert missing(client, bare.code, lacks="center") is not None and missing(client, bare.code, has="center") is None
    assert missing(client, center.code, has="center") is not None


@pytest.mark.parametrize("who", ["county_official", "officer", "manager"])
def test_each_next_step_is_a_page_that_the_reader_may_open(request, signed_in, who, village, center, bare):
    client = signed_in(request.getfixturevalue(who))
    factories.MembershipFactory(division=bare, role=Role.MANAGER)
    page = client.get(PROGRESS)

    links = [step.url for _village, step in page.context["rows"] if step and step.url]
    assert links and {client.get(link).status_code for link in links} == {200}


def test_a_manager_sees_the_own_center_only(signed_in, manager, bare, center):
    page = signed_in(manager).get(PROGRESS)

    assert [village.division.code for village, _next in page.context["rows"]] == [center.code]


def test_another_township_is_not_found(signed_in, officer, other_township, center):
    client = signed_in(officer)
    assert client.get(PROGRESS, {"under": "990101100000"}).status_code == 200
    assert client.get(PROGRESS, {"under": other_township.code}).status_code == 404


def test_it_is_linked_from_the_overview(signed_in, officer, center):
    assert re.search(rf'href="{PROGRESS}[^"]*"', signed_in(officer).get("/oversight/").content.decode())


def test_the_queries_do_not_grow_with_the_villages(
    signed_in, officer, bare, center, django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in(officer)
    with django_assert_max_num_queries(40) as one:
        client.get(PROGRESS)
    for number in range(20):
        factories.CenterFactory(division__code=f"9901011005{number:02d}")
    with django_assert_num_queries(len(one)):
        client.get(PROGRESS)


def test_all_are_listed_on_one_page_to_print(signed_in, officer, township):
    for number in range(60):
        factories.DivisionFactory(code=f"9901011005{number:02d}")
    client = signed_in(officer)

    assert [len(client.get(PROGRESS, asked).context["rows"]) for asked in ({}, {"all": "1"})] == [50, 60]


def test_a_closed_village_is_not_counted(bare):
    bare.valid_to = bare.valid_from.replace(year=2021)
    bare.save()

    assert villages_in(["990101100000"]) == []
