"""The waiting list at the desk: entries, answers by telephone, and whom to call."""

import re
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Appointment, WaitingEntry
from tests import factories
from tests.appointments.steps import book, taken
from tests.appointments.villager import queries_of
from tests.appointments.waiting.line import fill, is_offered, join, queue
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db

BOARD = reverse("desk_waiting")


@pytest.fixture
def client(signed_in, cadre):
    return signed_in(cadre)


@pytest.fixture
def full(slot, item):
    return fill(slot, item)


@pytest.fixture
def offered(slot, item, full, django_capture_on_commit_callbacks):
    entry = queue(slot, item, 1)[0]
    with django_capture_on_commit_callbacks(execute=True):
        booking.cancel(appointment=full[0])
    assert is_offered(entry)
    return entry


def say(client, entry, answer):
    return client.post(reverse("desk_waiting_answer", args=[entry.pk, answer]), follow=True).content.decode()


def missed_twice(center, item, resident) -> None:
    for days in (10, 20):
        factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(-days, 9), missed=True)


def test_the_board_says_who_waits_for_what_and_until_when(client, slot, item, full, resident):
    join(slot, item, resident)
    page = client.get(BOARD).content.decode()

    assert all(words in page for words in ("王桂兰", "138****5678", "上午9:00", "养老金认证", "在等"))


def test_an_open_offer_shows_the_phone_and_the_view_is_in_the_audit_log(client, cadre, offered):
    assert f"tel:{offered.phone}" in client.get(BOARD).content.decode()

    assert LogEntry.objects.get_for_object(offered).filter(action=LogEntry.Action.ACCESS, actor=cadre).count() == 1


def test_an_official_sees_the_waiting_list_without_names_and_buttons(signed_in, officer, slot, item, full, resident):
    entry = join(slot, item, resident)
    page = signed_in(officer).get(BOARD, {"center": slot.center.code}).content.decode()

    assert "王*兰" in page and "王桂兰" not in page and "13800005678" not in page
    assert reverse("desk_waiting_answer", args=[entry.pk, "leave"]) not in page


def test_who_was_called_and_wants_it_gets_it_and_hears_the_code(client, cadre, slot, offered):
    page = say(client, offered, "accept")

    offered.refresh_from_db()
    assert "请念给对方听" in page and offered.appointment.code[:3] in page
    assert (offered.ended_by, taken(slot)) == (cadre, (2, 0))


@pytest.mark.parametrize(("answer", "outcome"), [("decline", "declined"), ("leave", "left")])
def test_who_was_called_and_does_not_want_it_makes_way(client, offered, answer, outcome):
    assert "记下了" in say(client, offered, answer)

    offered.refresh_from_db()
    assert offered.outcome == outcome


def test_yes_before_it_is_their_turn_gets_a_sentence(client, slot, item, full):
    entry = queue(slot, item, 1)[0]

    assert "还没有轮到" in say(client, entry, "accept")


def test_an_answer_that_is_none_finds_nothing(client, offered):
    assert client.post(reverse("desk_waiting_answer", args=[offered.pk, "perhaps"])).status_code == 404


def test_a_caller_joins_the_waiting_list_from_the_booking_page(client, slot, item, full, resident):
    fill(slot, item, 1, channel="phone")  # the desk's pool is full as well
    here = reverse("desk_book_time", args=[resident.pk, item.code])
    page = client.get(here).content.decode()
    assert "约满，可候补" in page and 'value="wait"' in page

    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    form = {"slot": slot.pk, "channel": "phone", "phone": resident.phone, "key": key, "go": "wait"}
    board = client.post(here, form, follow=True).content.decode()

    entry = WaitingEntry.objects.get()
    assert (entry.resident, entry.channel) == (resident, "phone")
    assert "第1位" in board and f"{entry.code[:3]} {entry.code[3:]}" in board


def test_waiting_for_a_time_with_room_is_refused_with_a_sentence(client, slot, item, resident):
    here = reverse("desk_book_time", args=[resident.pk, item.code])
    form = {"slot": slot.pk, "channel": "phone", "phone": resident.phone, "key": "k", "go": "wait"}

    page = client.post(here, form)
    assert page.status_code == 409 and "直接约就行" in page.content.decode()


def test_the_board_asks_a_fixed_number_of_queries(client, center, slot, item, full):
    def grow(number: int) -> int:
        for _person in range(number):
            resident = factories.ResidentFactory(division=center.division)
            factories.WaitingEntryFactory(slot=slot, item=item, resident=resident)
            factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(2, 9))
            missed_twice(center, item, resident)
        return queries_of(client, BOARD)

    assert grow(10) == grow(50)


# Whom to call


def test_after_two_misses_the_desk_is_asked_to_call(client, center, item, resident):
    missed_twice(center, item, resident)
    book(factories.SlotFactory(center=center, starts_at=at(1, 9)), item, resident)

    assert "王桂兰" in client.get(BOARD).content.decode()
    assert "打电话确认一下" in client.get(reverse("desk"), {"day": f"{at(1, 0):%Y-%m-%d}"}).content.decode()
    assert (
        "近三个月有2次约了没来" in client.get(reverse("desk_book_time", args=[resident.pk, item.code])).content.decode()
    )


def test_the_same_number_counts_whoever_it_stands_for(client, center, item, resident):
    missed_twice(center, item, factories.ResidentFactory(name="王大山", phone=resident.phone))
    book(factories.SlotFactory(center=center, starts_at=at(1, 9)), item, resident)

    assert "王桂兰" in client.get(BOARD).content.decode()


@pytest.mark.parametrize("days", [(10,), (95, 120)])
def test_one_miss_or_old_ones_are_nobodys_business(client, center, item, resident, days):
    for ago in days:
        factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=at(-ago, 9), missed=True)
    book(factories.SlotFactory(center=center, starts_at=at(1, 9)), item, resident)

    assert "王桂兰" not in client.get(BOARD).content.decode()
    assert "打电话确认" not in client.get(reverse("desk"), {"day": f"{at(1, 0):%Y-%m-%d}"}).content.decode()


def test_nobody_is_kept_from_booking_for_having_missed(client, center, item, resident, slot):
    missed_twice(center, item, resident)

    assert book(slot, item, resident)


def test_who_was_called_is_on_the_list_no_longer_and_the_row_says_so(client, cadre, center, item, resident):
    missed_twice(center, item, resident)
    appointment = book(factories.SlotFactory(center=center, starts_at=at(1, 9)), item, resident)
    page = client.post(reverse("desk_confirmed", args=[appointment.pk]), follow=True).content.decode()

    appointment.refresh_from_db()
    assert appointment.confirmed_by == cadre and "王桂兰" not in page
    assert "说会来" in client.get(reverse("desk"), {"day": f"{at(1, 0):%Y-%m-%d}"}).content.decode()
    assert "说会来" in client.get(reverse("desk_appointment", args=[appointment.pk])).content.decode()


def test_a_call_about_what_is_over_gets_a_sentence(client, center, item, resident):
    begun = timezone.now() - timedelta(minutes=1)
    appointment = factories.AppointmentFactory(center=center, item=item, resident=resident, starts_at=begun)

    page = client.post(reverse("desk_confirmed", args=[appointment.pk]), follow=True).content.decode()
    assert "不用再确认" in page and not Appointment.objects.filter(confirmed_at__isnull=False).exists()
