"""Every page of every role in a real browser: in one width and look, and by `make test-looks` in all.

Each test visits all pages of one role in one world: to build it for each page again took most of the time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Page, expect

from appointments.booking.confirmation import answer_link
from appointments.cases import services as cases
from appointments.invitation import rating_token
from portal.accounts.models import User
from tests import factories
from tests.appointments.cases.carrying import open_case
from tests.appointments.steps import book
from tests.browser import duty, members, settling
from tests.browser.conftest import WIDTHS, violations
from tests.browser.world import everyday_item, open_days
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True)]

STYLEGUIDE = "/styleguide/"
# Who opens it, and the address; {…} is filled from the world below.
PAGES = [
    (None, "/"),
    (None, "/centers/"),
    (None, "/centers/?q=没有这个村"),
    (None, "/centers/{code}/"),
    (None, "/centers/{code}/book/"),
    (None, "/centers/{code}/book/yanglao-renzheng/"),
    (None, "/centers/{code}/book/yanglao-renzheng/{slot}/"),
    (None, "/centers/{code}/book/yanglao-renzheng/{full}/"),
    (None, "/centers/{code}/book/yanglao-renzheng/?day={full_day}"),
    (None, "/centers/{code}/book/yanglao-renzheng/{full}/wait/"),
    (None, "/waiting/{waits}/"),
    (None, "/waiting/{offered}/"),
    (None, "/c/{answer}"),
    (None, "/c/nobodys"),
    (None, "/bookings/"),
    (None, "/bookings/{link}/"),
    (None, "/bookings/{link}/print/"),
    (None, "/bookings/{link}/move/"),
    (None, "/bookings/{link}/cancel/"),
    (None, "/items/"),
    (None, "/items/yanglao-renzheng/"),
    (None, "/rate/"),
    (None, "/rate/{token}/"),
    (None, "/accounts/login/"),
    (None, STYLEGUIDE),
    (None, "/no-such-page/"),
    ("son", "/me/"),
    ("son", "/me/messages/"),
    ("son", "/me/cases/"),
    ("son", "/me/account/"),
    ("son", "/me/account/number/"),
    ("son", "/me/data/"),
    ("son", "/me/data/all/"),
    ("cadre", "/me/account/erase/"),
    ("cadre", "/desk/people/?q=王"),
    ("cadre", "/desk/people/{resident}/"),
    ("cadre", "/desk/people/{resident}/correct/"),
    ("cadre", "/desk/people/{resident}/family/"),
    (None, "/cases/{case}/"),
    (None, "/cases/{done}/"),
    (None, "/rate/{done_token}/"),
    (None, "/cases/{done}/again/"),
    ("son", "/centers/{code}/book/yanglao-renzheng/{slot}/"),
    ("cadre", "/desk/"),
    ("cadre", "/desk/?day={day}"),
    ("cadre", "/desk/sheet/"),
    ("cadre", "/desk/sheet/left/"),
    ("cadre", "/desk/print/"),
    ("cadre", "/desk/book/"),
    ("cadre", "/desk/appointments/{appointment}/"),
    ("cadre", "/desk/waiting/"),
    ("cadre", "/desk/cases/"),
    ("cadre", "/desk/cases/?show=overdue"),
    ("cadre", "/desk/cases/new/?q=没有这个人"),
    ("cadre", "/desk/cases/new/{resident}/"),
    ("cadre", "/desk/cases/new/{resident}/yanglao-renzheng/"),
    ("cadre", "/desk/cases/{case_pk}/"),
    ("cadre", "/desk/cases/{case_pk}/notice/"),
    ("cadre", "/desk/cases/{case_pk}/receipt/"),
    ("cadre", "/desk/cases/{case_pk}/do/accept-rest/"),
    ("manager", "/desk/cases/{case_pk}/do/take-over/"),
    ("officer", "/oversight/cases/"),
    ("officer", "/oversight/cases/rows/?what=open"),
    ("officer", "/desk/cases/{in_town}/"),
    ("officer", "/desk/cases/{in_town}/do/department/"),
    ("cadre", "/desk/tickets/"),
    ("cadre", "/desk/tickets/?given={ticket}"),
    ("cadre", "/desk/tickets/{ticket}/"),
    ("cadre", "/desk/tickets/{ticket}/print/"),
    ("cadre", "/desk/tickets/{ticket}/who/{resident}/yanglao-renzheng/"),
    ("cadre", "/desk/book/?ticket={ticket}"),
    (None, "/tickets/{holder}/"),
    (None, "/centers/{code}/ticket/"),
    (None, "/centers/{code}/screen/"),
    ("officer", "/oversight/"),
    ("officer", "/oversight/rows/?what=booked"),
    ("county_official", "/manage/items/"),
    ("county_official", "/manage/items/new/"),
    ("county_official", "/manage/items/starter/"),
    ("county_official", "/manage/items/990101000000/yanglao-renzheng/"),
    ("county_official", "/manage/items/990101000000/yanglao-renzheng/edit/"),
    ("county_official", "/manage/items/990101000000/yanglao-renzheng/end/"),
    ("officer", "/manage/offered/"),
    ("officer", "/manage/offered/990101100000/yanglao-renzheng/"),
    ("manager", "/desk/duty/items/yanglao-renzheng/off/"),
    ("county_official", "/manage/rules/"),
    ("county_official", "/manage/rules/print/"),
    ("county_official", "/manage/rules/QUEUE_PRIORITIES/"),
    ("county_official", "/manage/providers/"),
    ("officer", "/manage/opening/"),
    ("officer", "/manage/opening/centers/"),
    ("officer", "/manage/opening/centers/unused/"),
    ("officer", "/manage/opening/hours/?all=1"),
    ("officer", "/manage/opening/hours/default/"),
    ("county_official", "/holidays/"),
    ("county_official", "/holidays/new/"),
    ("county_official", "/holidays/new/?way=table"),
    ("county_official", "/holidays/new/?way=sheet"),
    ("county_official", "/holidays/{notice}/"),
    ("county_official", "/holidays/{notice}/undo/"),
    ("officer", "/manage/sheets/"),
    ("officer", "/manage/sheets/people/"),
    ("officer", "/manage/sheets/{faulty_sheet}/"),
    ("officer", "/manage/sheets/{ready_sheet}/"),
    ("officer", "/manage/sheets/{written_sheet}/"),
    ("officer", "/manage/sheets/{written_sheet}/undo/"),
    *duty.PAGES,
    *settling.PAGES,
    *members.PAGES,
]
# Asks who has not just signed in for the password; `visit` has.
AFTER_A_PASSWORD = {"/me/account/number/"}
NOT_FOUND = ("/no-such-page/", "/c/nobodys")
ROLES = list(dict.fromkeys(who for who, _address in PAGES))

NARROW = {"width": WIDTHS[0], "height": 640}
LEAST = {"plain": 44, "elder": 60}  # px, of a target


def pages_of(who: str | None) -> list[str]:
    return [address for whose, address in PAGES if whose == who]


@pytest.fixture
def world(county, center, resident, cadre, officer):
    item = everyday_item(county)
    open_days(center)
    slot = center.slots.order_by("starts_at").first()
    full = factories.SlotFactory(center=center, starts_at=at(2, 16), online_taken=2)
    appointment = book(slot, item, resident)
    served = factories.AppointmentFactory(center=center, item=item, starts_at=at(-1, 9), served=True)
    long_name = factories.ResidentFactory(division=center.division, name="阿卜杜热西提·买买提明·吐尔逊江")
    waits = factories.WaitingEntryFactory(slot=full, item=item, resident=long_name)
    offered = factories.WaitingEntryFactory(slot=full, item=item, resident=resident, offered=True)
    for days in (10, 20):
        factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(-days, 9), missed=True)
    for hour, person in ((8, resident), (9, long_name)):
        factories.AppointmentFactory(center=center, item=item, resident=person, starts_at=at(0, hour))
    ticket = factories.TicketFactory(center=center, number=128)
    factories.TicketFactory(center=center, number=127, called=True, window=12)
    factories.OfflineMarkFactory(center=center)
    factories.OfflineMarkFactory(
        center=center, appointment=appointment, kind="miss", outcome="conflict", note="对不上", name="", matter=""
    )
    return cases_of(center, item, long_name, cadre) | {
        "notice": factories.HolidayNoticeFactory().pk,
        "ticket": ticket.pk,
        "holder": ticket.link,
        "resident": resident.pk,
        "code": center.code,
        "slot": center.slots.order_by("starts_at")[1].pk,
        "full": full.pk,
        "full_day": f"{full.starts_at:%Y-%m-%d}",
        "waits": waits.link,
        "offered": offered.link,
        "answer": answer_link(appointment, "b").rpartition("/")[2],
        "link": appointment.link,
        "appointment": appointment.pk,
        "token": rating_token(served),
        "day": f"{at(1, 0):%Y-%m-%d}",
        **sheets_of(officer),
        **duty.world(center, item),
        **settling.world(center, item, long_name),
        **members.world(center),
    }


def sheets_of(officer) -> dict[str, int]:
    """Uploads of each look: errors by row, a preview, and done."""
    faulty, ready, written = (
        factories.SheetUploadFactory(by=officer, rows=1, headers=["区划代码", "名称"]) for _look in range(3)
    )
    factories.SheetPartFactory(upload=faulty, bad=1, faults=[[0, 2, "", "“名称”没有填"]])
    factories.SheetPartFactory(upload=ready, new=1, number=0, rows=[[0, 2, "", "990101100201", "农家书屋"]])
    moment = {"confirmed_at": ready.checked_at, "written_at": ready.checked_at}
    type(written).objects.filter(pk=written.pk).update(**moment)
    factories.SheetPartFactory(upload=written, new=1)
    return {"faulty_sheet": faulty.pk, "ready_sheet": ready.pk, "written_sheet": written.pk}


def cases_of(center, item, resident, cadre) -> dict[str, str | int]:
    """One with a paper missing, one in the township, one done."""
    lacking = open_case(center, item, resident, cadre, there=[])
    in_town, done = (open_case(center, item, resident, cadre) for _case in range(2))
    cases.forward(case=in_town, seen=in_town.stage.pk, by=cadre)
    cases.finish(case=done, seen=done.stage.pk, by=cadre, outcome="done")
    return {
        "case": lacking.link,
        "case_pk": lacking.pk,
        "in_town": in_town.pk,
        "done": done.link,
        "done_token": rating_token(done),
    }


@pytest.fixture
def user(world, request) -> Callable[[str], User]:
    def named(who: str) -> User:
        user = request.getfixturevalue(who)
        if who == "cadre":
            duty.name(world["her"], user)
        return user

    return named


@pytest.mark.django_db
@pytest.mark.parametrize("who", ROLES)
def test_every_page_answers(who, world, user, client):
    if who:
        client.force_login(user(who))
    answers = {address: client.get(address.format(**world)).status_code for address in pages_of(who)}

    expected = dict.fromkeys(NOT_FOUND, 404) | dict.fromkeys(AFTER_A_PASSWORD, 302)
    assert answers == {address: expected.get(address, 200) for address in answers}


@pytest.fixture
def visit(world, user, new_page, sign_in) -> Callable[[str | None, str], AbstractContextManager[Page]]:
    """A script error or a breach of the page policy on any of them fails the test at its end.

    All in one window: to begin a new one, with a process and a cache of its own, takes as long as a page.
    """
    pages = {}

    @contextmanager
    def go(who: str | None, address: str) -> Iterator[Page]:
        if who not in pages:
            pages[who] = new_page(viewport=NARROW)
            if who:
                sign_in(pages[who], user(who))
        page = pages[who]
        page.set_viewport_size(NARROW)
        answer = page.goto(address.format(**world))
        assert answer.status == (404 if address in NOT_FOUND else 200)
        # The list that works offline asks for its rows once it stands.
        expect(page.locator("[data-sheet][data-kept='']")).to_have_count(0)
        yield page
        page.context.clear_cookies(name="look")

    return go


@pytest.mark.once
@pytest.mark.parametrize("who", ROLES)
def test_every_page_is_for_everybody(who, visit):
    """On the phone that most people hold. W1: axe finds nothing. W3: targets fit a finger. W5: nothing runs off.

    One world and one visit for all three, because opening the page is what takes the time. 320 px is as narrow as
    1280 px at 400 %, well beyond the 200 % that is asked for.
    """
    found = []
    for address in pages_of(who):
        with visit(who, address) as page:
            found += [f"{address}: {complaint}" for complaint in judge(page, "plain", WIDTHS[:1])]
    assert found == []


@pytest.mark.once
def test_every_component_is_for_everybody_in_every_width_and_look(visit):
    """Pages are made of components, and the style guide shows each in every state that it has."""
    with visit(None, STYLEGUIDE) as page:
        assert judge_in_all_looks(page) == []


@pytest.mark.looks
@pytest.mark.parametrize("who", ROLES)
def test_every_page_is_for_everybody_in_every_width_and_look(who, visit):
    found = []
    for address in pages_of(who):
        with visit(who, address) as page:
            found += [f"{address}: {complaint}" for complaint in judge_in_all_looks(page)]
    assert found == []


def judge_in_all_looks(page: Page) -> list[str]:
    """The page is loaded once for each look; for each width its window only changes its size."""
    found = judge(page, "plain", WIDTHS)
    page.context.add_cookies([{"name": "look", "value": "elder", "url": page.url}])
    page.set_viewport_size(NARROW)
    page.reload()
    return found + judge(page, "elder", WIDTHS)


def judge(page: Page, look: str, widths: Sequence[int]) -> list[str]:
    found = []
    if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
        found.append(f"W5 {look}: {width} px wide")
    found += [f"W3 {look}: {target}" for target in page.evaluate(SMALL_TARGETS, LEAST[look])]
    for wide in widths:
        page.set_viewport_size({"width": wide, "height": 800})
        found += [f"W1 {look} {wide} px: {complaint}" for complaint in violations(page)]
    return found


# Links inside a sentence are excepted, as WCAG 2.5.8 does.
SMALL_TARGETS = """least => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
  .filter(target => {
    const style = getComputedStyle(target)
    if (style.visibility === "hidden" || !target.getClientRects().length) return false
    if (style.display === "inline" && target.closest("p, dd, td, th, li, caption, .sentence")) return false
    let box = target.getBoundingClientRect()
    const label = target.closest("label")
    if (label && ["radio", "checkbox"].includes(target.type)) box = label.getBoundingClientRect()
    const hidden = box.width <= 1 || box.height <= 1 || box.bottom < 0 || box.right < 0
    return !hidden && (box.height < least - 0.5 || box.width < least - 0.5)
  })
  .map(target => [target, target.getBoundingClientRect()])
  .map(([target, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ` +
    target.outerHTML.slice(0, 120))"""
