"""The public views of a ticket: on its holder's phone, on the center's page, on the call screen. Never a name."""

import uuid
from datetime import time

import pytest
import time_machine

from appointments.desk import attendance, calling
from appointments.models import Ticket
from appointments.tickets import taking
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef" * 2


@pytest.fixture
def take(center, cadre):
    return lambda **more: taking.issue_at_desk(center=center, by=cadre, key=uuid.uuid4().hex, **more)


@pytest.fixture
def open_now(center):
    """Open around the clock, today and every day."""
    factories.CalendarDayFactory(date=at(0, 9).date(), kind="workday")
    factories.open_on(center, *range(7), opens=time(0), closes=time(23, 59))


def text_of(response) -> str:
    return response.content.decode()


def test_the_holder_sees_how_many_are_ahead_and_who_is_called(client, take, center, cadre):
    for _number in range(2):
        take()
    mine = take()
    calling.call_next(center=center, window=1, by=cadre)
    page = text_of(client.get(f"/tickets/{mine.link}/"))
    assert "前面还有1位" in page and "1号（1号窗口）" in page and "75岁以上、残疾人、带婴儿" in page


def test_without_a_basis_the_page_says_so(client, take, center, cadre):
    take()
    mine = take()
    assert "不好说" in text_of(client.get(f"/tickets/{mine.link}/"))


def test_with_one_it_gives_a_range(client, take, center, cadre):
    factories.TicketFactory.create_batch(3, center=center, done=True, taken_at=at(-1, 9))
    for _number in range(3):
        take()
    mine = take()
    assert "前面还有3位，大约20到40分钟" in text_of(client.get(f"/tickets/{mine.link}/"))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda ticket, cadre: calling.call(ticket=ticket, window=3, by=cadre), "请到3号窗口"),
        (lambda ticket, cadre: calling.done(ticket=ticket, by=cadre), "已经办好了"),
        (lambda ticket, cadre: calling.leave(ticket=ticket, by=cadre), "另取一个号"),
    ],
)
def test_what_became_of_it_is_said(client, take, cadre, act, said):
    mine = take()
    act(mine, cadre)
    assert said in text_of(client.get(f"/tickets/{mine.link}/"))


def test_who_was_not_there_is_told_to_speak_up(client, take, cadre, settings):
    settings.DESK_GRACE_MINUTES = 0
    mine = take()
    calling.absent(ticket=calling.call(ticket=mine, window=1, by=cadre), by=cadre)
    assert "还给您办" in text_of(client.get(f"/tickets/{mine.link}/"))


def test_yesterdays_number_says_that_it_is_over(client, take):
    mine = take()
    with time_machine.travel(at(1, 9)):
        assert "今天不能用了" in text_of(client.get(f"/tickets/{mine.link}/"))


def test_a_link_that_nobody_has_is_not_found(client, center):
    assert client.get("/tickets/guess/").status_code == 404


def test_it_is_kept_by_no_cache(client, take):
    answer = client.get(f"/tickets/{take().link}/")
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")


def test_numbers_are_given_at_the_center_unless_the_site_says_otherwise(client, center, open_now):
    assert "号在窗口发" in text_of(client.get(f"/centers/{center.code}/ticket/"))
    assert client.post(f"/centers/{center.code}/ticket/", {"key": KEY}).status_code == 409
    assert not Ticket.objects.exists()


def test_where_it_does_one_is_taken_on_the_phone(client, center, open_now, settings):
    settings.WALK_IN_ONLINE = True
    answer = client.post(f"/centers/{center.code}/ticket/", {"key": KEY})
    assert answer["Location"] == f"/tickets/{Ticket.objects.get().link}/"
    client.post(f"/centers/{center.code}/ticket/", {"key": KEY})
    assert Ticket.objects.count() == 1


def test_but_not_while_the_door_is_shut(client, center, settings):
    settings.WALK_IN_ONLINE = True
    answer = client.post(f"/centers/{center.code}/ticket/", {"key": KEY})
    assert answer.status_code == 409 and "没有开门" in text_of(answer)
    assert not Ticket.objects.exists()


def test_and_not_without_end(client, center, open_now, settings):
    settings.WALK_IN_ONLINE = True
    answers = [client.post(f"/centers/{center.code}/ticket/", {"key": f"k{n}"}).status_code for n in range(61)]
    assert answers[-1] == 429 and set(answers[:-1]) == {302}


def test_the_centers_page_says_whether_one_has_to_wait(client, center, open_now, take):
    for _number in range(3):
        take()
    assert "前面还有3位" in text_of(client.get(f"/centers/{center.code}/"))


def test_a_shut_door_has_no_queue(client, center, take):
    take()
    assert "前面还有" not in text_of(client.get(f"/centers/{center.code}/"))


def test_the_slip_shows_the_number_of_whoever_has_arrived(client, center, item, resident, cadre):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    attendance.arrive(appointment=visit, by=cadre)
    assert "您的号是1号" in text_of(client.get(f"/bookings/{visit.link}/"))


def test_a_cadre_who_scans_a_slip_marks_with_one_tap(signed_in, cadre, center, item, resident):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    page = text_of(signed_in(cadre).get(f"/bookings/{visit.link}/"))
    assert "登记已到" in page and f"/desk/appointments/{visit.pk}/arrive/" in page


def test_nobody_else_sees_that_button(client, signed_in, officer, stranger, son, center, item, resident):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    for visitor in (client, signed_in(officer), signed_in(stranger), signed_in(son)):
        assert "登记已到" not in text_of(visitor.get(f"/bookings/{visit.link}/"))


def test_the_wall_shows_numbers_and_windows_and_no_name(client, center, item, resident, cadre, take):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 0))
    attendance.arrive(appointment=visit, by=cadre)
    take()
    calling.call_next(center=center, window=2, by=cadre)
    for address in (f"/centers/{center.code}/screen/", f"/centers/{center.code}/screen/calls/"):
        page = text_of(client.get(address))
        assert "请1号到2号窗口" in page and "王" not in page


def test_the_wall_costs_the_same_whatever_the_crowd(
    client, center, django_assert_num_queries, django_assert_max_num_queries
):
    factories.TicketFactory.create_batch(20, center=center)
    with django_assert_max_num_queries(8) as counted:
        client.get(f"/centers/{center.code}/screen/calls/")
    factories.TicketFactory.create_batch(180, center=center)
    with django_assert_num_queries(len(counted)):
        client.get(f"/centers/{center.code}/screen/calls/")


def test_the_centers_page_costs_the_same_whatever_the_crowd(
    client, center, open_now, django_assert_num_queries, django_assert_max_num_queries
):
    factories.TicketFactory.create_batch(20, center=center)
    with django_assert_max_num_queries(24) as counted:
        client.get(f"/centers/{center.code}/")
    factories.TicketFactory.create_batch(180, center=center)
    with django_assert_num_queries(len(counted)):
        client.get(f"/centers/{center.code}/")


def test_a_character_that_no_database_keeps_is_no_error(client, center, open_now, settings):
    settings.WALK_IN_ONLINE = True
    assert client.post(f"/centers/{center.code}/ticket/", {"key": "a\x00b"}).status_code == 302
    assert "\x00" not in Ticket.objects.get().key


def test_after_the_doors_have_closed_nobody_is_asked_to_wait_for_a_call(client, take, center, open_now):
    mine = take()
    assert "问问窗口还办不办" not in text_of(client.get(f"/tickets/{mine.link}/"))
    center.days.update(openings=[], unstaffed=[], reason="emergency")
    page = text_of(client.get(f"/tickets/{mine.link}/"))
    assert "今天不开门（突发情况）" in page and "问问窗口还办不办" in page
