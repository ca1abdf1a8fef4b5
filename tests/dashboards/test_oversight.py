"""The township's overview: own divisions only, and every figure equals the number of its rows."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.desk import attendance
from assessments import services as assessments
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
OVERSIGHT, ROWS = "/oversight/", "/oversight/rows/"
FIGURES = ["booked", "served", "missed", "cancelled", "unmarked", "ratings"]


@pytest.fixture
def week(center, item, village):
    """Something of everything, in the last days, at our center."""
    person = factories.ResidentFactory(division=village, name="赵铁柱")
    common = {"center": center, "item": item, "resident": person}
    factories.SlotFactory(center=center, starts_at=at(-1, 9), online_places=4, desk_places=2)
    factories.SlotFactory(center=center, starts_at=at(-1, 10), closed_at=at(-2, 9))
    factories.AppointmentFactory(**common, starts_at=at(-1, 9), missed=True)
    factories.AppointmentFactory(**common, starts_at=at(-1, 9), cancelled=True)
    factories.AppointmentFactory(**common, starts_at=at(-2, 9))
    for level in (1, 5):
        visit = factories.AppointmentFactory(**common, starts_at=at(-1, 9), served=True)
        factories.RatingFactory(appointment=visit, level=level)


@pytest.fixture
def elsewhere(other_center, item):
    return factories.AppointmentFactory(
        center=other_center, item=item, resident__division=other_center.division, starts_at=at(-1, 9), served=True
    )


def line_of(response):
    return response.context["lines"][0]


def said(line, code: str) -> dict:
    """What a column says beside its number."""
    return next(cell.said for cell in line.cells if cell.figure.code == code)


def test_an_officer_sees_the_centers_of_their_township(signed_in, officer, week, elsewhere):
    response = signed_in(officer).get(OVERSIGHT)

    assert [line.code for line in response.context["lines"]] == ["990101100201"]


@pytest.mark.parametrize("page", ["oversight", "oversight_cases"])
@pytest.mark.parametrize("given", [{"from": "0001-01-01"}, {"to": "9999-12-31"}])
def test_dates_too_far_away_to_calculate_with_are_ignored_and_it_says_so(signed_in, officer, week, given, page):
    response = signed_in(officer).get(reverse(page), given)

    assert "选的日期太远，没有用上，下面是近30天的" in response.content.decode()
    assert (response.context["period"].last - response.context["period"].first).days == 29


def days_ago(days: int) -> str:
    return (timezone.localdate() - timedelta(days=days)).isoformat()


@pytest.mark.parametrize("page", ["oversight", "oversight_cases", "oversight_rows", "oversight_case_rows"])
@pytest.mark.parametrize(
    ("first", "last", "days"), [(365, 0, 366), (366, 0, 30), (3000, 2700, 301), (0, 365, 366), (3000, 0, 30)]
)
def test_at_most_a_year_is_counted_at_once(signed_in, officer, week, page, first, last, days):
    """However far it lies behind: each day of each center costs."""
    given = {"from": days_ago(first), "to": days_ago(last), "what": "open" if "case" in page else "booked"}

    response = signed_in(officer).get(reverse(page), given)

    assert response.context["period"].days == days
    if page in ("oversight", "oversight_cases"):
        assert ("一次最多看一年" in response.content.decode()) is (days == 30)


@pytest.mark.parametrize("given", [{}, {"from": "2026-01-01"}, {"from": "", "to": ""}])
def test_it_says_nothing_of_dates_that_it_takes(signed_in, officer, week, given):
    assert "没有用上" not in signed_in(officer).get(OVERSIGHT, given).content.decode()


def test_a_neighbouring_officer_sees_nothing_of_ours(signed_in, stranger, week, elsewhere):
    response = signed_in(stranger).get(OVERSIGHT)

    assert [line.code for line in response.context["lines"]] == ["990101101201"]
    assert "柳湾村" not in response.content.decode()


def test_figures_are_what_happened(signed_in, officer, week):
    line = line_of(signed_in(officer).get(OVERSIGHT))

    assert (line.numbers["offered"], line.numbers["booked"], line.numbers["served"]) == (6, 4, 2)
    assert (line.numbers["missed"], line.numbers["cancelled"], line.numbers["unmarked"]) == (1, 1, 1)
    assert (line.numbers["ratings"], said(line, "ratings")) == (2, {"average": 3.0, "is_thin": True})


@pytest.mark.parametrize("what", FIGURES)
def test_every_figure_counts_the_rows_behind_it(signed_in, officer, week, elsewhere, what):
    client = signed_in(officer)
    line = line_of(client.get(OVERSIGHT))

    page = client.get(ROWS, {"what": what, "center": line.code}).context["page"]

    assert page.paginator.count == line.numbers[what] > 0


def test_offered_places_are_the_sum_of_the_times_behind_them(signed_in, officer, week):
    response = signed_in(officer).get(ROWS, {"what": "offered"})

    assert response.context["measure"] == "6个"
    assert response.context["page"].paginator.count == 1


def test_every_link_on_the_page_leads_somewhere(signed_in, officer, week, monkeypatch):
    client = signed_in(officer)
    page = client.get(OVERSIGHT).content.decode()

    links = set(re.findall(r'href="(/oversight/rows/[^"]+)"', page))

    assert len(links) >= len(FIGURES)
    assert {client.get(link.replace("&amp;", "&")).status_code for link in links} == {200}


def test_a_served_and_rated_villager_moves_each_figure_by_one(signed_in, officer, cadre, week, center, item, resident):
    client = signed_in(officer)
    before = line_of(client.get(OVERSIGHT))
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 0))

    attendance.serve(appointment=visit, by=cadre)
    assessments.rate(of=visit, level=4, via="code")

    after = line_of(client.get(OVERSIGHT))
    moved = {name: after.numbers[name] - before.numbers[name] for name in ("served", "booked", "ratings", "stars")}
    assert moved == {"served": 1, "booked": 1, "ratings": 1, "stars": 4}


def test_the_total_is_the_sum_of_the_lines(signed_in, officer, week, township, item):
    second = factories.CenterFactory(division=factories.DivisionFactory(code="990101100202"))
    factories.AppointmentFactory(
        center=second, item=item, resident__division=second.division, starts_at=at(-1, 9), served=True
    )

    response = signed_in(officer).get(OVERSIGHT)

    served = [line.numbers["served"] for line in response.context["lines"]]
    assert response.context["total"].numbers["served"] == sum(served) == 3


def test_what_lies_outside_the_period_is_not_counted(signed_in, officer, week):
    today = at(0, 0).date().isoformat()

    assert line_of(signed_in(officer).get(OVERSIGHT, {"from": today, "to": today})).numbers["booked"] == 0


@pytest.mark.parametrize("query", [{"from": "gestern"}, {"to": "2026-13-45"}, {"from": "\x00"}, {"from": "9" * 30}])
def test_a_period_that_is_none_is_the_last_thirty_days(signed_in, officer, week, query):
    page = signed_in(officer).get(OVERSIGHT, query)

    assert line_of(page).numbers["booked"] == 4
    assert "选的日期看不懂" in page.content.decode()


def test_a_county_sees_townships_first_and_drills_down(signed_in, county, week, elsewhere):
    official = factories.MembershipFactory(division=county, role="county").user
    client = signed_in(official)

    townships = client.get(OVERSIGHT).context["lines"]
    villages = client.get(OVERSIGHT, {"under": "990101100000"}).context["lines"]

    assert [(line.name, line.numbers["served"]) for line in townships] == [("柳溪镇", 2), ("石桥镇", 1)]
    assert [line.code for line in villages] == ["990101100201"]


@pytest.mark.parametrize("code", ["990101101000", "990101000000", "990101101201", "99", "x", "\x00", "990101100999"])
def test_nobody_looks_beyond_their_reach(signed_in, officer, week, elsewhere, code):
    client = signed_in(officer)

    assert client.get(OVERSIGHT, {"under": code}).status_code == 404
    assert client.get(ROWS, {"what": "served", "center": code}).status_code == 404


def test_a_figure_that_is_none_is_not_found(signed_in, officer, week):
    assert signed_in(officer).get(ROWS, {"what": "phones"}).status_code == 404


def test_rows_name_nobody_in_full(signed_in, officer, week):
    page = signed_in(officer).get(ROWS, {"what": "booked"}).content.decode()

    assert "赵*柱" in page
    assert "赵铁柱" not in page


def test_ratings_do_not_say_whose_they_are(signed_in, officer, week):
    assert "赵" not in signed_in(officer).get(ROWS, {"what": "ratings"}).content.decode()


@pytest.mark.parametrize("who", ["cadre", "manager", "villager"])
def test_only_officials_oversee(signed_in, request, who, week):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(OVERSIGHT).status_code == 403
    assert client.get(ROWS, {"what": "served"}).status_code == 403


def test_anonymous_people_are_sent_to_sign_in(client, db):
    assert client.get(OVERSIGHT)["Location"].startswith(reverse("account_login"))


def test_twenty_centers_cost_as_many_queries_as_one(
    signed_in, officer, week, item, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(officer)
    with django_assert_max_num_queries(24) as counted:
        client.get(OVERSIGHT)

    for number in range(19):
        another = factories.CenterFactory(division=factories.DivisionFactory(code=f"990101100{300 + number}"))
        factories.SlotFactory(center=another, starts_at=at(-1, 9))
        factories.AppointmentFactory(
            center=another, item=item, resident__division=another.division, starts_at=at(-1, 9)
        )
    with django_assert_num_queries(len(counted)):
        assert len(client.get(OVERSIGHT).context["lines"]) == 20
