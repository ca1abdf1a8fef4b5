"""Retention never empties a row that is being booked: it locks, then asks again; and whoever books locks and looks."""

from datetime import timedelta
from functools import partial
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from appointments.booking import services as booking
from appointments.desk import walk_in
from appointments.models import Appointment, Channel
from appointments.tickets import taking
from appointments.waiting import services as waiting
from centers.models import Resident
from centers.people import residents
from portal import retention
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.cases.carrying import open_case
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

NAME, PHONE = "赵德贵", "13700006789"


@pytest.fixture
def guest(village):
    """Was a guest a year ago: due to be forgotten, unless they book again."""
    return factories.ResidentFactory(
        division=village, name=NAME, phone=PHONE, created_at=timezone.now() - timedelta(days=400)
    )


def book(slot, item, resident, key="a" * 32):
    return booking.book(slot=slot, item=item, resident=resident, channel=Channel.ONLINE, key=key)


def while_a_booking_is_open(slot, item, guest) -> None:
    """Retention runs, and lists the guest, while a booking for them is not committed yet."""
    is_written, may_commit = Event(), Event()

    def keep_open() -> None:
        with transaction.atomic():
            book(slot, item, guest)
            is_written.set()
            may_commit.wait(20)
        connection.close()

    def forget() -> None:
        retention.forget_old()
        connection.close()

    booker, cleaner = Thread(target=keep_open), Thread(target=forget)
    booker.start()
    assert is_written.wait(20)
    cleaner.start()
    cleaner.join(1)  # it waits for the lock by now
    may_commit.set()
    booker.join(20)
    cleaner.join(20)


def test_a_guest_who_books_meanwhile_is_not_forgotten(slot, item, guest):
    while_a_booking_is_open(slot, item, guest)

    assert Resident.objects.get(pk=guest.pk).name == NAME
    assert Appointment.objects.get().phone == PHONE


def test_control_what_was_listed_before_is_emptied(slot, item, guest, monkeypatch):
    monkeypatch.setattr(retention, "_still_due", lambda rule, pks: pks)

    while_a_booking_is_open(slot, item, guest)

    assert Resident.objects.get(pk=guest.pk).name == f"#{guest.pk}"


def forget_first(find):
    """Finds the person, and lets retention commit before it answers, the first time."""
    calls = []

    def found() -> Resident:
        one = find()
        if not calls and connection.vendor == "postgresql":  # SQLite's bookings hold the write lock by now
            together(lambda _: retention.forget_old(), [None])
        calls.append(one.pk)
        return one

    return found


def test_whoever_is_forgotten_while_they_are_found_is_listed_anew(slot, item, guest):
    find = partial(residents.find_or_create, division=guest.division, name=NAME, phone=PHONE)

    booked = book(slot, item, forget_first(find))

    assert booked.resident.name == Resident.objects.get(pk=booked.resident_id).name == NAME
    assert (booked.resident_id != guest.pk) == (connection.vendor == "postgresql")


class TestChosenBefore:
    """The page was open while retention ran: nothing is stored for a row without a name."""

    @pytest.fixture
    def chosen(self, guest):
        """As the page has loaded them, and emptied since."""
        retention.forget_old()
        assert Resident.objects.get(pk=guest.pk).name == f"#{guest.pk}"
        return guest

    def refused(self, act) -> None:
        with pytest.raises(RuleBroken) as refusal:
            act()
        assert refusal.value.code == "resident_forgotten"
        assert not Appointment.objects.exists()

    def test_a_booking(self, slot, item, chosen):
        self.refused(lambda: book(slot, item, chosen))

    def test_a_waiting_entry(self, slot, item, chosen):
        self.refused(lambda: waiting.join(slot=slot, item=item, resident=chosen, channel=Channel.DESK, key="b" * 32))

    def test_a_case(self, center, item, chosen, cadre):
        self.refused(lambda: open_case(center, item, chosen, cadre))

    def test_a_walk_in(self, center, item, chosen, cadre):
        ticket = taking.issue_at_desk(center=center, by=cadre, key="c" * 32)
        self.refused(lambda: walk_in.identify(ticket=ticket, resident=chosen, item=item, by=cadre))

    def test_a_family_link(self, chosen, son):
        self.refused(lambda: residents.link_family(user=son, resident=chosen, relation="child"))
