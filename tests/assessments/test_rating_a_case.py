"""Rating a case on the web: after it is closed, by the villager, once, never by those who helped."""

import pytest
from django.urls import reverse

from appointments.cases import services as cases
from appointments.invitation import rating_token
from assessments.models import Rating
from portal.dashboards.oversight import selectors
from portal.dashboards.oversight.forms import last_days
from portal.notifications.models import Message, State
from tests import factories
from tests.appointments.cases.carrying import open_case, seen
from tests.appointments.cases.conftest import case, proxy_item  # noqa: F401
from tests.factories.appointments import at
from tests.said import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(case, cadre):  # noqa: F811
    """Done and in the villager's hands."""
    cases.finish(case=case, seen=seen(case), by=cadre, outcome="done")
    return cases.hand_over(case=case, by=cadre, to="王桂兰", trips_saved=2)


def address(case) -> str:  # noqa: F811
    return reverse("rate", args=[rating_token(case)])


def asked(**how):
    return Message.objects.filter(kind="rate", **how)


def test_a_case_is_rated_by_the_link_in_its_message(client, over):
    body = words_of(kind="rate", channel="sms")

    assert address(over) in body
    client.post(address(over), {"level": "4", "comment": "替我跑了三趟"})

    rating = Rating.objects.get(case=over)
    assert (rating.level, rating.comment, rating.via) == (4, "替我跑了三趟", "link")


def test_it_is_asked_for_after_the_hand_over_and_not_before(case, cadre):  # noqa: F811
    cases.finish(case=case, seen=seen(case), by=cadre, outcome="done")
    assert not asked().exists()

    cases.hand_over(case=case, by=cadre, to="王桂兰", trips_saved=0)
    cases.hand_over(case=case, by=cadre, to="王桂兰", trips_saved=0)
    assert asked(channel="sms").count() == 1


@pytest.mark.parametrize(("outcome", "is_asked"), [("refused", True), ("not_possible", True), ("withdrawn", False)])
def test_a_refusal_can_be_rated_and_what_was_given_up_cannot(client, case, cadre, outcome, is_asked):  # noqa: F811
    cases.finish(case=case, seen=seen(case), by=cadre, outcome=outcome, note="不满60周岁")

    client.post(address(case), {"level": "2"})

    assert (asked().exists(), Rating.objects.exists()) == (is_asked, is_asked)


def test_the_message_goes_to_the_person_and_not_to_who_helped(center, proxy_item, resident, cadre):  # noqa: F811
    helped = open_case(
        center, proxy_item, resident, cadre, phone="13900001234", contact_name="王建军", relation="child"
    )
    cases.finish(case=helped, seen=seen(helped), by=cadre, outcome="refused", note="不符合")

    assert asked(channel="sms").get().address == resident.phone


def test_the_second_rating_is_refused(client, over):
    client.post(address(over), {"level": "1"})

    assert "已经评价过" in client.post(address(over), {"level": "5"}).content.decode()
    assert Rating.objects.get(case=over).level == 1


def test_what_is_under_way_is_not_rated(client, case):  # noqa: F811
    assert "还没有办完" in client.post(address(case), {"level": "5"}).content.decode()
    assert not Rating.objects.exists()


def test_nobody_who_helped_rates(signed_in, over, cadre, son, officer):
    factories.CaseStepFactory(case=over, by=officer)

    pages = [signed_in(user).post(address(over), {"level": "5"}).content.decode() for user in (cadre, officer, son)]

    assert "工作人员账号" in pages[0]
    assert "本人" in pages[1]
    assert "本人" in pages[2]
    assert not Rating.objects.exists()


def test_the_person_rates_from_their_own_page_and_from_the_cases(signed_in, villager, over):
    client = signed_in(villager)

    assert client.get("/me/").context["to_rate"]
    assert address(over) in client.get(reverse("case", args=[over.link])).content.decode()
    client.post(address(over), {"level": "5"})

    assert Rating.objects.get(case=over).level == 5
    assert not client.get("/me/").context["to_rate"]
    assert address(over) not in client.get(reverse("case", args=[over.link])).content.decode()


def test_the_family_is_not_asked_in_the_persons_place(signed_in, son, over):
    client = signed_in(son)

    assert address(over) not in client.get(reverse("case", args=[over.link])).content.decode()
    assert not client.get("/me/").context["to_rate"]


def test_who_says_that_it_is_not_done_is_not_asked_how_it_was(over):
    cases.reopen(case=over)

    assert not asked().exclude(channel="inbox").exclude(state=State.WITHDRAWN).exists()


def test_a_case_does_not_pass_for_a_visit(client, over):
    """A case's id signed for a visit is invalid, and vice versa."""
    about, signature = rating_token(over).rsplit("-", 1)

    for forged in (f"{about.removeprefix('c-')}-{signature}", f"c-{about}-{signature}", f"c--{signature}"):
        assert client.get(reverse("rate", args=[forged])).status_code == 404


def test_the_page_names_nobody(client, over):
    page = client.get(address(over)).content.decode()

    assert "王桂兰" not in page
    assert over.phone not in page


def test_a_bad_one_is_shown_to_the_township_beside_those_of_visits(signed_in, officer, center, item, over):
    visit = factories.AppointmentFactory(center=center, item=item, starts_at=at(0, 0), served=True)
    factories.RatingFactory(appointment=visit, level=1)
    factories.RatingFactory(appointment=None, case=over, level=2, comment="来回跑")
    client = signed_in(officer)

    things = selectors.attention(["990101100000"], last_days(at(0, 0).date()))
    line = client.get("/oversight/").context["lines"][0]
    page = client.get("/oversight/rows/", {"what": "bad"}).content.decode()

    assert [(one.what, one.number) for one in things if one.what == "bad"] == [("bad", 2)]
    assert (line.numbers["ratings"], line.numbers["stars"]) == (2, 3)
    assert "来回跑" in page
    assert str(over.item) in page
