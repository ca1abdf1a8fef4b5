"""What a merged center has is dealt with at the one that goes on: found there, moved there, and told as it is."""

import uuid
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.booking.displaced import displaced, others_than
from appointments.booking.messages import CLOSED, MOVED
from appointments.desk import attendance
from appointments.desk import board as desk
from appointments.desk.offline import services as offline
from appointments.desk.offline.invariants import invariants as mark_rules
from appointments.models import Appointment, KeptBooking
from appointments.tickets.hall import hall
from appointments.tickets.invariants import invariants as ticket_rules
from centers.models import Division
from centers.services import succession
from portal.accounts.roles import Role
from portal.notifications.models import Message
from portal.notifications.services import wording
from tests import factories
from tests.appointments.cases.carrying import PAPERS, open_case
from tests.appointments.desk.offline.device import tap
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(township):
    """The center that goes on."""
    village = factories.DivisionFactory(code="990101100231", name="柳桃社区居委会")
    center = factories.CenterFactory(
        division=village, name="柳桃社区党群服务中心", address="柳桃路1号", phone="0399-5559999"
    )
    factories.open_on(center, *range(7))
    return center


@pytest.fixture
def merge(village, there):
    def merge():
        Division.objects.filter(pk=village.pk).update(valid_to=date(2026, 11, 1))
        succession.succeed(old=village, new=there.division, by=None)

    return merge


@pytest.fixture
def booked(center, item, resident):
    factories.open_on(center, *range(7))
    slot = center.slots.get(starts_at=at(3, 9))
    return booking.book(slot=slot, item=item, resident=resident, channel="online", key=uuid.uuid4().hex)


@pytest.fixture
def merged(booked, merge):
    merge()
    return Appointment.objects.get(pk=booked.pk)


@pytest.fixture
def case(center, county, resident, cadre):
    limits = {"promised_limit": 10, "statutory_kind": "workdays", "statutory_limit": 30}
    item = factories.ServiceItemFactory(division=county, carried=True, materials=PAPERS, **limits)
    return open_case(center, item, resident, cadre)


@pytest.fixture
def desk_there(signed_in, there, merge):
    return signed_in(factories.MembershipFactory(division=there.division, role=Role.PROXY_AGENT).user)


def test_open_cases_are_on_the_board(signed_in, case, cadre, desk_there, merge):
    merge()

    for client in (desk_there, signed_in(cadre)):
        for query in ({}, {"item": case.item.code}, {"q": case.resident.name}, {"owner": cadre.pk}):
            page = client.get(reverse("desk_cases"), {"center": "990101100231", **query}).content.decode()
            assert reverse("desk_case", args=[case.pk]) in page, query


def test_what_they_have_is_seen_before_they_book(desk_there, merged, resident):
    page = desk_there.get(reverse("desk_book_item", args=[resident.pk])).content.decode()

    assert reverse("desk_appointment", args=[merged.pk]) in page


def test_a_booking_that_is_kept_is_on_the_days_list(merged, there, django_assert_max_num_queries):
    KeptBooking.objects.create(appointment=merged, starts_at=merged.starts_at, how="opened")

    board = desk.board(there, timezone.localdate(merged.starts_at))
    with django_assert_max_num_queries(0):
        assert [(row.appointment, row.appointment.place.name) for row in board.all] == [(merged, there.name)]
    assert f"a{merged.pk}" in desk.states(there, board.day)


@pytest.mark.parametrize("by_staff", [True, False])
def test_it_keeps_its_hour_at_the_center_that_goes_on(client, desk_there, merged, there, by_staff):
    slot = there.slots.get(starts_at=merged.starts_at)
    assert slot.pk in [start.slot for start in others_than(displaced().get())]

    if by_staff:
        desk_there.post(reverse("desk_move", args=[merged.pk]), {"slot": slot.pk})
    else:
        client.post(reverse("booking_move", args=[merged.link]), {"slot": slot.pk})

    merged.refresh_from_db()
    assert (merged.center, merged.starts_at) == (there, slot.starts_at)
    assert not displaced().exists()


def test_its_own_hour_at_its_own_center_is_not_a_move(booked):
    slot = booked.center.slots.get(starts_at=booked.starts_at)

    assert booking.move(appointment=booked, slot=slot).move_count == 0


def test_the_message_says_where_it_went(merged, there):
    told = [
        str(one.body)
        for one in wording.shown(Message.objects.filter(kind=CLOSED).exclude(channel="sms"), timezone.now())
    ]

    assert told
    for text in told:
        assert "柳湾村党群服务中心并到柳桃社区中心了" in text
        assert "暂停" not in text


def test_the_slip_says_where_it_went(client, merged, there):
    page = client.get(reverse("booking", args=[merged.link])).content.decode()

    assert "并入柳桃社区" in page
    assert "暂停对外服务" not in page
    assert there.address in page and "5559999" in page
    assert merged.center.address not in page


def test_the_list_to_settle_says_where_it_went(desk_there, merged):
    page = desk_there.get(reverse("desk_settle"), {"center": "990101100231"}).content.decode()

    assert "并入柳桃社区" in page and "暂停对外服务" not in page


def test_before_moving_it_is_said_that_the_times_are_elsewhere(client, desk_there, merged, there):
    slot = there.slots.get(starts_at=merged.starts_at)
    move, by_desk = reverse("booking_move", args=[merged.link]), reverse("desk_move", args=[merged.pk])

    for page in (client.get(move), client.get(move, {"slot": slot.pk}), desk_there.get(by_desk)):
        assert "柳湾村党群服务中心并到柳桃社区党群服务中心了" in page.content.decode()
        assert there.address in page.content.decode()


def test_nobody_is_told_of_a_merger_that_was_none(client, booked):
    page = client.get(reverse("booking_move", args=[booked.link])).content.decode()

    assert "并到" not in page


def test_a_case_is_asked_about_at_the_center_that_goes_on(client, center, case, there, merge):
    merge()

    page = client.get(reverse("case", args=[case.link])).content.decode()

    assert there.name in page and there.address in page and "5559999" in page
    assert center.address not in page


@pytest.fixture
def of_today(center, item, resident, merge):
    """Booked for nine o'clock of today, kept; it is ten."""
    with time_machine.travel(at(0, 10), tick=False):
        slot = factories.SlotFactory(center=center, starts_at=at(0, 9), online_taken=1)
        booked = factories.AppointmentFactory(
            center=center, item=item, resident=resident, starts_at=slot.starts_at, booked_at=at(-1, 9)
        )
        factories.PlaceFactory(appointment=booked, slot=slot)
        merge()
        KeptBooking.objects.create(appointment=booked, starts_at=booked.starts_at, how="opened")
        yield Appointment.objects.get(pk=booked.pk)


def test_an_arrival_waits_in_the_queue_there(of_today, there, cadre):
    attendance.arrive(appointment=of_today, by=cadre)

    assert [ticket.appointment for ticket in hall(there).waiting] == [of_today]
    assert not any(rows.exists() for _rule, rows in ticket_rules(timezone.now()))


def test_a_mark_of_an_offline_device_there_is_set(of_today, there, cadre):
    mark = offline.sync_mark(center=there, tap=tap(of_today, "arrive", at(0, 9, 5)), by=cadre)

    assert mark.outcome == "applied"
    assert not any(rows.exists() for _rule, rows in mark_rules(timezone.now()))


def test_a_mark_of_another_center_is_refused_as_before(of_today, other_center, cadre):
    mark = offline.sync_mark(center=other_center, tap=tap(of_today, "arrive", at(0, 9, 5)), by=cadre)

    assert mark.outcome == "refused"


def test_marks_left_at_the_merged_one_are_listed_there(desk_there, center, merge):
    factories.OfflineMarkFactory(center=center, kind="note", name="钱来顺")
    merge()

    page = desk_there.get(reverse("desk_sheet_left"), {"center": "990101100231"}).content.decode()

    assert "钱来顺" in page


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_code_that_somebody_there_has_is_another_one_and_that_is_said(client, merged, there, is_taken):
    code = merged.code
    if is_taken:
        factories.AppointmentFactory(center=there, item=merged.item, code=code, starts_at=at(3, 15))
    slot = there.slots.get(starts_at=at(3, 10))

    page = client.post(reverse("booking_move", args=[merged.link]), {"slot": slot.pk}, follow=True).content.decode()

    merged.refresh_from_db()
    assert (merged.code != code) is is_taken
    assert ("预约码换成了" in page, "预约码没有变" in page) == (is_taken, not is_taken)
    for message in wording.shown(Message.objects.filter(kind=MOVED), timezone.now()):
        assert merged.code in str(message.body) and "没变" not in str(message.body)
