"""Tickets on the desk's pages: issued with one tap, called, identified; refusals are explained."""

import uuid

import pytest
from django.urls import reverse

from appointments.desk import attendance, calling, walk_in
from appointments.desk.views.calling import ACTIONS
from appointments.models import Appointment, Ticket
from appointments.tickets import taking
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef" * 2
HTMX = {"HTTP_HX_REQUEST": "true"}
DESK, GIVE, NEXT, NEWS = "/desk/", "/desk/tickets/", "/desk/next/", "/desk/news/"


@pytest.fixture
def client(signed_in, cadre):
    return signed_in(cadre)


@pytest.fixture
def at_window(client, center):
    client.post("/desk/window/", {"window": "1"})
    return client


@pytest.fixture
def ticket(center, cadre):
    return taking.issue_at_desk(center=center, by=cadre, key=uuid.uuid4().hex)


def text_of(response) -> str:
    return response.content.decode()


def test_one_tap_gives_a_number_and_says_it(client, center):
    page = text_of(client.post(GIVE, {"key": KEY}, follow=True))
    assert "1号" in page and "前面没有人" in page


def test_the_form_sent_twice_gives_one(client, center):
    for _tap in range(2):
        client.post(GIVE, {"key": KEY})
    assert Ticket.objects.count() == 1


def test_a_form_with_a_character_that_no_database_keeps_gives_one_as_well(client, center):
    client.post(GIVE, {"key": "a\x00b"})
    assert "\x00" not in Ticket.objects.get().key


def test_what_was_told_stands_on_the_number(client, center, item):
    client.post(GIVE, {"key": KEY, "item": item.code, "priority": "elder"})
    assert (Ticket.objects.get().item, Ticket.objects.get().priority) == (item, "elder")


def test_a_priority_that_is_none_gives_no_number(client, center):
    assert client.post(GIVE, {"key": KEY, "priority": "boss"}).status_code == 422
    assert not Ticket.objects.exists()


def test_an_officer_looks_on_and_gives_none(signed_in, officer, center):
    assert signed_in(officer).get(GIVE).status_code == 403
    assert signed_in(officer).post(GIVE, {"key": KEY}).status_code == 403


def test_without_a_window_the_desk_asks_for_it(client, ticket):
    assert "先选一下您坐几号窗口" in text_of(client.post(NEXT, follow=True))
    assert Ticket.objects.get().is_waiting


def test_the_next_one_is_called_and_stands_large(at_window, ticket):
    page = text_of(at_window.post(NEXT, follow=True))
    assert "在办 · 1号窗口" in page and "办好了，叫下一位" in page


def test_with_script_the_board_is_sent(at_window, ticket):
    answer = text_of(at_window.post(NEXT, **HTMX))
    assert "<html" not in answer and 'id="board"' in answer and "在办 · 1号窗口" in answer


def test_a_stale_page_calls_nobody_else(at_window, ticket, center, cadre):
    other = taking.issue_at_desk(center=center, by=cadre, key="other")
    for _tap in range(2):
        at_window.post(NEXT)
    other.refresh_from_db()
    assert other.is_waiting


def test_nobody_waits_is_said(at_window, center):
    assert "现在没有人在等" in text_of(at_window.post(NEXT, follow=True))


def test_a_window_is_changed(at_window, center):
    at_window.post("/desk/window/", {"window": "0"})
    assert "要叫号，先选您坐几号窗口" in text_of(at_window.get(DESK))


@pytest.mark.parametrize("window", ["x", "99", "-1", ""])
def test_a_window_that_is_none_is_asked_for_anew(client, center, window):
    client.post("/desk/window/", {"window": window})
    assert "要叫号，先选您坐几号窗口" in text_of(client.get(DESK))


def test_a_number_is_in_the_list_and_is_marked_there(client, ticket):
    assert "没问姓名" in text_of(client.get(DESK))
    answer = text_of(client.post(reverse("desk_ticket_mark", args=[ticket.pk, "serve"]), **HTMX))
    assert f'id="t{ticket.pk}"' in answer and "已办" in answer
    ticket.refresh_from_db()
    assert ticket.state == "served"


def test_what_is_refused_is_said(client, ticket):
    answer = client.post(reverse("desk_ticket_mark", args=[ticket.pk, "miss"]), follow=True)
    assert "先叫号，没人应再记没到" in text_of(answer)


def test_a_mark_that_is_none_is_not_found(client, ticket):
    assert client.post(reverse("desk_ticket_mark", args=[ticket.pk, "praise"])).status_code == 404
    assert client.post(reverse("desk_ticket_do", args=[ticket.pk, "praise"])).status_code == 404


@pytest.mark.parametrize("name", ["desk_ticket_call", "desk_ticket_priority"])
def test_another_centers_number_is_not_there(client, center, other_center, name):
    foreign = factories.TicketFactory(center=other_center)
    assert client.post(reverse(name, args=[foreign.pk])).status_code == 404
    assert client.get(reverse("desk_ticket", args=[foreign.pk])).status_code == 404


def test_this_one_is_called_out_of_turn(at_window, ticket, center, cadre):
    other = taking.issue_at_desk(center=center, by=cadre, key="other")
    at_window.post(reverse("desk_ticket_call", args=[other.pk]))
    other.refresh_from_db()
    assert other.window == 1


def test_who_does_not_want_to_wait_has_left(client, ticket):
    client.post(reverse("desk_ticket_do", args=[ticket.pk, "leave"]))
    ticket.refresh_from_db()
    assert ticket.state == "cancelled"


def test_a_priority_is_given_later(client, ticket):
    client.post(reverse("desk_ticket_priority", args=[ticket.pk]), {"priority": "disabled"})
    ticket.refresh_from_db()
    assert ticket.priority == "disabled"


def test_naming_a_walk_in_goes_over_who_and_what(client, ticket, resident, item):
    who = text_of(client.get(f"/desk/book/?ticket={ticket.pk}&q=王桂兰"))
    assert f"/desk/book/{resident.pk}/?ticket={ticket.pk}" in who
    what = text_of(client.get(f"/desk/book/{resident.pk}/?ticket={ticket.pk}"))
    here = reverse("desk_ticket_who", args=[ticket.pk, resident.pk, item.code])
    assert here in what
    assert "王桂兰" in text_of(client.get(here))
    assert client.post(here)["Location"].startswith("/desk/?")
    assert Appointment.objects.get().ticket == ticket


def test_what_was_told_with_the_number_is_not_asked_again(client, center, resident, item, cadre):
    told = taking.issue_at_desk(center=center, by=cadre, key="told", item=item)
    page = text_of(client.get(f"/desk/book/?ticket={told.pk}&q=王桂兰"))
    assert reverse("desk_ticket_who", args=[told.pk, resident.pk, item.code]) in page


def test_a_number_that_is_named_is_the_visits_page(client, ticket, resident, item):
    client.post(reverse("desk_ticket_who", args=[ticket.pk, resident.pk, item.code]))
    assert client.get(reverse("desk_ticket", args=[ticket.pk]))["Location"] == reverse(
        "desk_appointment", args=[Appointment.objects.get().pk]
    )


def test_a_slip_of_eighty_millimetres_carries_number_wait_and_address(client, ticket):
    page = text_of(client.get(reverse("desk_ticket_print", args=[ticket.pk])))
    assert "1号" in page and "前面没有人" in page and "<svg" in page and "75岁以上" in page


@pytest.mark.parametrize("words", ["7", "7号", "０７"])
def test_somebody_is_found_by_their_number(client, center, words):
    seventh = factories.TicketFactory(center=center, number=7)
    factories.TicketFactory(center=center, number=70)
    assert [row.ticket for row in client.get(DESK, {"q": words}).context["rows"]] == [seventh]


def test_a_scanned_ticket_finds_its_holder(client, ticket, center):
    factories.TicketFactory(center=center, number=70)
    rows = client.get(DESK, {"q": f"http://localhost:8000/tickets/{ticket.link}/"}).context["rows"]
    assert [row.ticket for row in rows] == [ticket]


def test_a_scanned_slip_of_another_day_says_which(client, center, item, resident):
    later = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(2, 9))
    found = client.get(DESK, {"q": f"https://jiamenkou.example/bookings/{later.link}/"})
    assert found.context["elsewhere"] == [later]


def test_a_scan_marks_nothing_and_puts_the_focus_on_the_mark(client, center, item, resident):
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 9))
    page = text_of(client.get(DESK, {"q": f"/bookings/{visit.link}/"}))
    visit.refresh_from_db()
    assert visit.arrived_at is None
    assert f'id="arrive-a{visit.pk}-first" autofocus' in " ".join(page.split())


def test_those_who_wait_stand_in_the_order_of_calling(client, center, cadre, ticket):
    first = taking.issue_at_desk(center=center, by=cadre, key="x", priority="elder")
    rows = client.get(DESK, {"show": "arrived"}).context["rows"]
    assert [row.ticket for row in rows] == [first, ticket]


def shown(client) -> str:
    return client.get(DESK).context["shown"]


def test_while_nothing_changes_there_is_no_news(client, ticket):
    assert client.get(NEWS, {"shown": shown(client)}).status_code == 204


def test_what_others_did_is_counted(client, ticket, center, cadre, item, resident):
    before = shown(client)
    calling.done(ticket=ticket, by=cadre)
    visit = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 0))
    assert "有2条新变化" in text_of(client.get(NEWS, {"shown": before}))
    attendance.arrive(appointment=visit, by=cadre)
    attendance.undo(appointment=visit, by=cadre)
    calling.undo(ticket=ticket, by=cadre)
    assert "有1条新变化" in text_of(client.get(NEWS, {"shown": before}))


def test_what_the_desk_did_itself_is_no_news(client, ticket, center):
    answer = client.post(reverse("desk_ticket_mark", args=[ticket.pk, "serve"]), {"shown": shown(client)}, **HTMX)
    assert client.get(NEWS, {"shown": answer.context["shown"]}).status_code == 204


@pytest.mark.parametrize("nonsense", ["", "a", ",,,", "x" * 5000, "a1q,t2?,\x00"])
def test_nonsense_is_answered(client, ticket, nonsense):
    assert client.get(NEWS, {"shown": nonsense}).status_code == 200


def test_news_cost_the_same_whatever_the_length_of_the_list(
    client, center, item, village, django_assert_num_queries, django_assert_max_num_queries
):
    crowd(center, item, village, 20)
    with django_assert_max_num_queries(10) as counted:
        client.get(NEWS)
    crowd(center, item, village, 180)
    with django_assert_num_queries(len(counted)):
        assert client.get(NEWS).status_code == 200


def test_the_board_costs_the_same_with_numbers_in_it(
    client, center, item, village, django_assert_num_queries, django_assert_max_num_queries
):
    crowd(center, item, village, 20)
    with django_assert_max_num_queries(18) as counted:
        client.get(DESK)
    crowd(center, item, village, 180)
    with django_assert_num_queries(len(counted)):
        assert len(client.get(DESK).context["rows"]) == 200


def crowd(center, item, village, number: int) -> None:
    """Half of them booked, half walked in; of each half some wait and some are served."""
    for one in range(number // 2):
        taken = {"center": center, "number": Ticket.objects.count() + 1}
        visit = factories.AppointmentFactory(
            center=center,
            item=item,
            resident=factories.ResidentFactory(division=village),
            starts_at=at(0, 9),
            arrived_at=at(0, 9),
        )
        factories.TicketFactory(appointment=visit, item=item, **taken)
        factories.TicketFactory(done=one % 2 == 0, item=item, **taken | {"number": taken["number"] + 1})


def test_a_place_that_became_free_is_offered_to_whoever_waits(client, center, item, resident, ticket, settings):
    settings.DESK_GRACE_MINUTES = 0
    missed = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(0, 0))
    answer = client.post(reverse("desk_mark", args=[missed.pk, "miss"]), **HTMX)
    assert "空出来了，可以先办1号" in text_of(answer)


def test_a_name_is_only_text_in_the_marks(client, center, item, village):
    odd = factories.ResidentFactory(division=village, name='\ue000"><b>王')
    visit = factories.AppointmentFactory(center=center, item=item, resident=odd, starts_at=at(0, 9))
    page = text_of(client.get(DESK))
    assert f'id="arrive-a{visit.pk}"' in page and "<b>王" not in page and 'aria-label="\ue000&quot;&gt;' in page


def test_a_number_that_is_named_at_the_same_moment_is_shown_as_it_is_now(
    client, ticket, resident, item, cadre, monkeypatch
):
    def named_first(*, ticket, by):
        walk_in.identify(ticket=Ticket.objects.get(pk=ticket.pk), resident=resident, item=item, by=cadre)
        return calling.leave(ticket=ticket, by=by)

    monkeypatch.setitem(ACTIONS, "leave", named_first)
    answer = client.post(f"/desk/tickets/{ticket.pk}/do/leave/", **HTMX)

    assert "刚刚登记了姓名" in text_of(answer) and resident.name in text_of(answer)
