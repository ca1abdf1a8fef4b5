"""A booking whose time is closed, at the desk: marked in the list and on its page, and no no-show."""

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.booking.calendar import calendar_of
from appointments.catalog import services as catalog
from appointments.desk import attendance
from appointments.desk.board import board
from appointments.settling import services as settling
from portal.ui.errors import RuleBroken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def day_of(client, center) -> str:
    day = at(3, 9).date().isoformat()
    return client.get(f"{reverse('desk')}?center={center.code}&day={day}").content.decode()


def page_of(client, appointment) -> str:
    return client.get(reverse("desk_appointment", args=[appointment.pk])).content.decode()


def test_the_list_and_the_page_say_so(signed_in, cadre, closed, booked, open_daily):
    client = signed_in(cadre)
    assert 'pill--warn whole">要安置' in day_of(client, open_daily)
    assert "打电话确认一下" not in day_of(client, open_daily)
    assert "约好的时间办不了（农忙）" in page_of(client, booked)


def test_control_of_an_open_time_they_do_not(signed_in, cadre, booked, open_daily):
    client = signed_in(cadre)
    assert "要安置" not in day_of(client, open_daily)
    assert "约好的时间办不了" not in page_of(client, booked)


def test_who_stays_away_from_a_closed_door_is_not_missed(closed, booked, cadre, time_machine):
    time_machine.move_to(at(3, 11), tick=False)
    with pytest.raises(RuleBroken) as refused:
        attendance.miss(appointment=booked, by=cadre)
    assert refused.value.code == "not_open"


def test_control_who_was_expected_on_purpose_is(closed, booked, cadre, time_machine):
    settling.keep(appointment=booked, how="opened", by=cadre)
    time_machine.move_to(at(3, 11), tick=False)
    assert attendance.miss(appointment=booked, by=cadre).missed_at


def test_nor_is_anybody_once_the_time_is_over(closed, booked, cadre, open_daily, signed_in, time_machine):
    """When no-shows are usually marked."""
    time_machine.move_to(at(3, 11), tick=False)
    (row,) = board(open_daily, timezone.localdate()).all
    assert (row.words["is_displaced"], row.words["miss"]) == (True, "off")
    assert "约好的时间办不了（农忙）" in page_of(signed_in(cadre), booked)


@pytest.mark.parametrize("how", ["home", "elsewhere", "agreed"])
def test_who_is_not_expected_at_the_door_is_not_missed(closed, booked, cadre, time_machine, how):
    settling.keep(appointment=booked, how=how, by=cadre)
    time_machine.move_to(at(3, 11), tick=False)
    with pytest.raises(RuleBroken):
        attendance.miss(appointment=booked, by=cadre)


def test_nobody_displaced_is_next(closed, booked, open_daily, time_machine):
    time_machine.move_to(at(3, 8, 50), tick=False)
    today = board(open_daily, timezone.localdate())
    assert (len(today.all), today.next_up()) == (1, None)


@pytest.mark.parametrize(("how", "alarms"), [("opened", 1), ("home", 0), ("elsewhere", 0), ("agreed", 0)])
def test_the_calendar_asks_nobody_to_a_locked_door(closed, booked, cadre, how, alarms):
    settling.keep(appointment=booked, how=how, by=cadre)
    file = calendar_of(booked).decode()
    assert (file.count("BEGIN:VALARM"), file.count("LOCATION")) == (alarms, alarms)


def test_an_ended_item_offers_no_move(booked, officer, client, signed_in, cadre, open_daily, slot):
    catalog.end(item=booked.item, by=officer)
    move = reverse("booking_move", args=[booked.link])
    assert move not in client.get(reverse("booking", args=[booked.link])).content.decode()
    page = signed_in(cadre).get(f"{reverse('desk_settle')}?center={open_daily.code}").content.decode()
    assert reverse("desk_move", args=[booked.pk]) not in page and reverse("desk_cancel", args=[booked.pk]) in page
    with pytest.raises(RuleBroken) as refused:
        booking.move(appointment=booked, slot=slot)
    assert refused.value.code == "item_gone"


def test_the_centers_reason_reaches_the_person(booked, cadre, client):
    booking.cancel(appointment=booked, by_center=True, reason="停电", by=cadre)
    assert "中心取消的，因为停电" in client.get(reverse("booking", args=[booked.link])).content.decode()


def test_the_printed_slip_says_that_the_time_is_closed(closed, booked, client):
    assert "约好的时间办不了" in client.get(reverse("booking_print", args=[booked.link])).content.decode()


@pytest.mark.parametrize(("how", "here"), [("opened", True), ("home", False), ("elsewhere", False)])
def test_a_slip_sends_only_those_to_the_window_who_are_expected_there(closed, booked, cadre, client, how, here):
    settling.keep(appointment=booked, how=how, by=cadre)
    for name in ("booking", "booking_print"):
        page = client.get(reverse(name, args=[booked.link])).content.decode()
        assert ("听中心的安排</" in page or "听中心的安排\n" in page) is not here
        assert ("提醒您" in page) is here  # and only they are reminded
    assert ("到了窗口，报预约码" in client.get(reverse("booking", args=[booked.link])).content.decode()) is here
