"""A center answers under every code that it ever had; a code that another village has now is that village's."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.models import Slot
from centers.importing.fields import DivisionWidget
from centers.models import Center, Division
from centers.services import succession
from tests import factories
from tests.api.conftest import ROOT
from tests.centers.succession.lists import NEW_YEAR
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
WAS, IS = "990101100201", "990101100231"
PUBLIC = ["center", "book", "screen", "screen_calls", "duty_poster", "here", "ticket_take"]
STAFF = ["desk", "desk_settle", "desk_cases", "duty", "duty_people", "duty_evidence", "desk_sheet"]


@pytest.fixture
def moved(center):
    factories.open_on(center, *range(7))
    succession.recode([(center.division, succession.Named(IS, "柳湾社区居委会", "", ""))], on=NEW_YEAR)
    return Center.objects.get(pk=center.pk)


@pytest.fixture
def ended(center):
    """Its division has ended, and nobody has said what comes after it."""
    factories.open_on(center, *range(7))
    center.division.valid_to = NEW_YEAR
    center.division.save()
    return center


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_leads_to_the_present_address(client, moved, name):
    response = client.get(reverse(name, args=[WAS]) + "?from=poster")

    assert response.status_code == 301
    assert response["Location"] == reverse(name, args=[IS]) + "?from=poster"


def test_no_browser_remembers_it_for_ever(client, moved):
    assert client.get(reverse("center", args=[WAS]))["Cache-Control"] == "no-cache"


def test_a_form_sent_to_the_old_address_is_sent_again_to_the_present_one(client, moved):
    response = client.post(reverse("here", args=[WAS]), {"found": "yes"})

    assert (response.status_code, response["Location"]) == (308, reverse("here", args=[IS]))


def test_a_time_to_book_is_at_the_present_address(client, moved, item):
    response = client.get(reverse("book_time", args=[WAS, item.code]), follow=True)

    assert response.status_code == 200
    assert response.redirect_chain == [(reverse("book_time", args=[IS, item.code]), 301)]


@pytest.mark.parametrize("name", STAFF)
def test_a_page_of_the_desk_leads_to_the_present_address(signed_in, manager, moved, name):
    response = signed_in(manager).get(reverse(name), {"center": WAS})

    assert (response.status_code, response["Location"]) == (301, f"{reverse(name)}?center={IS}")


def test_the_desk_of_a_center_out_of_reach_is_not_told_where_it_went(signed_in, stranger, moved):
    assert signed_in(stranger).get(reverse("desk"), {"center": WAS}).status_code in (403, 404)


def test_the_overview_of_an_old_code_leads_to_the_present_one(signed_in, officer, moved):
    response = signed_in(officer).get(reverse("oversight"), {"under": WAS})

    assert (response.status_code, response["Location"]) == (301, f"{reverse('oversight')}?under={IS}")


def test_the_api_answers_and_names_the_present_code(client, moved, item):
    slot = Slot.objects.get(center=moved, starts_at=at(3, 9))

    center = client.get(f"{ROOT}centers/{WAS}")
    times = client.get(f"{ROOT}centers/{WAS}/slots", {"item": item.code, "from": at(3, 9).date().isoformat()})

    assert (center.status_code, center.json()["code"]) == (200, IS)
    assert center["Content-Location"] == f"{ROOT}centers/{IS}"
    assert slot.pk in [row["id"] for row in times.json()]
    assert times["Content-Location"].startswith(f"{ROOT}centers/{IS}/slots?item=")


def test_under_the_present_code_nothing_else_is_named(client, moved):
    assert "Content-Location" not in client.get(f"{ROOT}centers/{IS}")


@pytest.mark.parametrize("words", [WAS, WAS[:11], IS, "柳湾"])
def test_a_search_finds_it_by_any_code(client, moved, words):
    assert moved.name in client.get(reverse("centers"), {"q": words}).content.decode()
    assert [row["code"] for row in client.get(f"{ROOT}centers", {"q": words}).json()["items"]] == [IS]


def test_a_visit_is_remembered_under_the_present_code(client, moved, item):
    client.cookies["centers"] = WAS

    assert moved.name in client.get(reverse("home")).content.decode()
    slot = factories.SlotFactory(center=moved)
    client.get(reverse("book_who", args=[IS, item.code, slot.pk]))

    assert client.cookies["centers"].value == IS


@pytest.mark.parametrize("has_center", [True, False])
def test_a_code_that_another_village_has_now_is_that_villages(client, moved, has_center):
    reused = factories.DivisionFactory._meta.model.objects.create(
        code=WAS, name="杏花村委会", level=5, valid_from=NEW_YEAR
    )
    if has_center:
        factories.CenterFactory(division=reused)

    response = client.get(reverse("center", args=[WAS]))

    assert response.status_code == (200 if has_center else 404)
    assert ("杏花村党群服务中心" in response.content.decode()) is has_center
    found = [row["code"] for row in client.get(f"{ROOT}centers", {"q": WAS}).json()["items"]]
    assert found == ([WAS] if has_center else [])


def test_a_code_that_nobody_ever_had_is_unknown(client, moved):
    assert client.get(reverse("center", args=["990101100299"])).status_code == 404


@pytest.mark.parametrize("name", PUBLIC)
def test_a_center_whose_division_has_ended_stays_open(client, ended, name):
    assert client.get(reverse(name, args=[WAS])).status_code in (200, 302)


@pytest.mark.parametrize("name", ["home", "centers", "api:centers"])
def test_a_center_whose_division_has_ended_is_found(client, ended, name):
    assert ended.name in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", STAFF)
def test_the_desk_of_a_center_whose_division_has_ended_works_on(signed_in, manager, ended, name):
    assert signed_in(manager).get(reverse(name), {"center": WAS}).status_code == 200


def test_times_of_a_center_whose_division_has_ended_can_be_booked(client, ended, item):
    slot = Slot.objects.get(center=ended, starts_at=at(3, 9))
    query = {"item": item.code, "from": at(3, 9).date().isoformat()}

    assert slot.pk in [row["id"] for row in client.get(f"{ROOT}centers/{WAS}/slots", query).json()]


def test_an_old_sheet_is_told_the_present_code(moved):
    with pytest.raises(ValueError, match=IS):
        DivisionWidget().clean(WAS)


def test_a_division_of_its_own_history_is_not_taken_for_it(moved):
    assert Division.objects.current().filter(code=WAS).count() == 0


def test_a_device_that_has_stored_the_old_code_gets_the_present_list_at_once(signed_in, manager, moved):
    """A redirect would be taken for the sign-in page."""
    response = signed_in(manager).get(reverse("desk_sheet_data"), {"center": WAS})

    assert (response.status_code, response.json()["center"]) == (200, IS)


def test_an_event_in_a_calendar_stays_the_same_event(client, center, item, settings):
    booked = factories.AppointmentFactory(center=center, item=item, starts_at=at(3, 9), ends_at=at(3, 10))
    before = uid_of(client, booked)
    settings.SITE_URL = "https://elsewhere.example"

    succession.recode([(center.division, succession.Named(IS, "柳湾社区", "", ""))], on=NEW_YEAR)

    assert uid_of(client, booked) == before
    assert before not in (uid_of(client, factories.AppointmentFactory(center=center, item=item)), "")


def uid_of(client, booked) -> str:
    file = client.get(reverse("booking_ics", args=[booked.link])).content.decode()
    return re.search(r"^UID:(.+)\r$", file.replace("\r\n ", ""), re.MULTILINE)[1]


def test_a_shift_in_a_calendar_stays_the_same_event(client, center, settings):
    person = factories.StaffFactory(center=center, calendar_key="k" * 32)
    roster = factories.RosterFactory(center=center, month=timezone.localdate().replace(day=1), published=True)
    factories.DutyShiftFactory(roster=roster, staff=person, date=timezone.localdate())
    page = reverse("duty_ics", args=[person.calendar_key])
    before = re.findall("UID:.+", client.get(page).content.decode())
    settings.SITE_URL = "https://elsewhere.example"

    succession.recode([(center.division, succession.Named(IS, "柳湾社区", "", ""))], on=NEW_YEAR)

    assert re.findall("UID:.+", client.get(page).content.decode()) == before != []
