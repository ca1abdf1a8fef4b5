"""From each audience's start page links lead to every page that is theirs, and no link to one that is not."""

import pytest

from tests import factories
from tests.access import matrix
from tests.access.world import World, build
from tests.crawl.crawling import crawl, links_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
AUDIENCES = ["anonymous", "villager", "cadre", "manager", "township", "county"]

# Names of pages to which no link leads, by why.
FOR_PROGRAMS = """
asset desk_sheet_data desk_sheet_worker favicon guestbook healthz metrics readyz robots screen_calls security_txt
sitemap sitemap_centers sitemap_pages styleguide
"""
FROM_A_MESSAGE_A_SLIP_OR_A_DOOR = """
answer answer_offer booking booking_cancel booking_ics booking_move booking_print case case_again duty_ics here invited
invited_enter rate ticket ticket_take wait waiting
"""
AFTER_A_FORM = """
account_erased account_inactive account_reauthenticate account_reset_password desk_book_item desk_book_time desk_booked
desk_case_item desk_case_open desk_correct desk_family desk_people desk_person desk_ticket_who rated
"""
WHILE_THERE_IS_SOMETHING = "desk_keep desk_settle duty_ask_swap duty_leave_cancel duty_reports sheet_errors"
EVERYBODYS = {
    *FOR_PROGRAMS.split(),
    *FROM_A_MESSAGE_A_SLIP_OR_A_DOOR.split(),
    *AFTER_A_FORM.split(),
    *WHILE_THERE_IS_SOMETHING.split(),
}
# Pages that are made for others, and open to these without being of use to them.
OF_OTHERS = {
    "anonymous": "duty_poster screen",
    "villager": "duty_poster screen",
    "cadre": "my_cases",
    "manager": "my_cases",
    # What the desk works with: an official may look, but has no menu of a desk.
    "township": "my_cases delivery_board desk_appointment desk_cases desk_waiting duty duty_evidence duty_mine"
    " duty_poster screen",
    "county": "my_cases duty_poster screen",
}
# Behind links that differ in their query only, of which the crawl follows EACH.
OF_OTHERS["county"] += " duty_evidence holidays_sheet"
OF_OTHERS["township"] += " member_end member_post member_switch"


@pytest.fixture
def world() -> World:
    world = build()
    factories.CenterFactory(division__code="990101100298")  # nobody has used it
    return world


@pytest.mark.parametrize("who", AUDIENCES)
def test_links_lead_to_every_page_that_is_theirs_and_to_no_other(who, world):
    found = crawl(world.client(who), "/" if who == "anonymous" else "/start/", skip=("admin:", "api:"))

    assert found.broken == []
    assert found.dead_ends == []
    assert sorted(theirs(who) - found.reached - EVERYBODYS - others(who)) == []


@pytest.mark.parametrize("name", sorted(EVERYBODYS))
def test_what_is_excepted_stands_in_the_matrix(name):
    assert name in {line.partition("?")[0] for line, *_rest in matrix.lines()}


def test_links_are_found_and_forms_are_not():
    page = '<link href="/a"><a class="x" href="/b?c=1&amp;d=2#e">b</a><form action="/f"><a href="?g=1">g</a>'

    assert links_of(page, "/here/") == ["/b?c=1&d=2", "/here/?g=1"]


def theirs(who: str) -> set[str]:
    opens = {
        line.partition("?")[0]
        for line, method, role, letter in matrix.lines()
        if (method, role, letter) == ("get", who, "2")
    }
    return {name for name in opens if not name.startswith(("admin:", "api:"))}


def others(who: str) -> set[str]:
    return set(OF_OTHERS.get(who, "").split())
