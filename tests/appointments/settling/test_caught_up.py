"""Who is displaced without a change that tells them is told by the sweep, once; who agreed on a visit hears too."""

import pytest
from django.utils import timezone

from appointments.booking.displaced import displaced
from appointments.catalog.models import ServiceItem
from appointments.desk import attendance
from appointments.models import Slot
from appointments.settling import services as settling
from appointments.settling.telling import sweep
from centers.services import closures
from portal.notifications.models import Message
from portal.notifications.services import wording
from portal.ui.errors import RuleBroken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


def told(kind: str = "closed") -> int:
    return Message.objects.filter(kind=kind, channel="sms").exclude(state="withdrawn").count()


def test_who_booked_while_the_item_was_ended_is_told_once(booked, item):
    """The other transaction saw no booking, and this one no end."""
    ServiceItem.objects.filter(pk=item.pk).update(valid_to=timezone.localdate())
    assert (sweep(), sweep(), told()) == (1, 0, 1)


def test_who_stands_is_told_nothing(booked):
    assert (sweep(), told()) == (0, 0)


def test_an_arrival_that_is_undone_at_a_time_closed_since(booked, closure, officer, cadre, time_machine):
    time_machine.move_to(at(3, 8, 50), tick=False)
    attendance.arrive(appointment=booked, by=cadre)
    closures.approve(closure=closure, by=officer)
    assert not displaced().exists()
    attendance.undo(appointment=booked, by=cadre)
    assert displaced().exists()
    assert (sweep(), told()) == (1, 1)


def test_an_earlier_closing_that_was_withdrawn_is_not_this_one(booked, closure, officer, cadre, manager, time_machine):
    closures.approve(closure=closure, by=officer)
    Message.objects.filter(kind="closed").exclude(channel="inbox").update(state="sent", sent_at=timezone.now())
    closures.withdraw(closure=closure, by=officer)
    time_machine.move_to(at(3, 8, 50), tick=False)
    attendance.arrive(appointment=booked, by=cadre)
    again = closures.request(center=booked.center, starts_at=at(0, 8), ends_at=at(0, 12), reason="other", by=manager)
    closures.approve(closure=again, by=officer)
    attendance.undo(appointment=booked, by=cadre)
    assert (sweep(), sweep()) == (1, 0)


@pytest.mark.parametrize(("how", "hears"), [("home", 1), ("opened", 0)])
def test_who_would_wait_at_home_hears_that_the_center_is_open_again(closed, booked, cadre, officer, how, hears):
    settling.keep(appointment=booked, how=how, by=cadre)
    closures.withdraw(closure=closed, by=officer)
    assert told("reopened") == hears
    rows = Message.objects.filter(kind="reopened", channel="inbox")
    assert all("照常" in message.body for message in wording.shown(list(rows), timezone.now()))


class TestMissedWhereSomebodyOpenedOnPurpose:
    @pytest.fixture
    def missed(self, closed, booked, cadre, time_machine):
        def after(how: str):
            settling.keep(appointment=booked, how=how, by=cadre)
            time_machine.move_to(at(3, 9, 29), tick=False)
            return attendance.miss(appointment=booked, by=cadre)

        return after

    def test_it_is_undone(self, missed, booked, cadre):
        attendance.undo(appointment=missed("opened"), by=cadre)
        slot = Slot.objects.get(starts_at=booked.starts_at)
        assert slot.closed_at and slot.online_taken == 1
        assert booked.places.filter(released_at=None).count() == 1

    def test_who_is_visited_at_home_was_never_missed(self, missed):
        with pytest.raises(RuleBroken, match="不算未到"):
            missed("home")
