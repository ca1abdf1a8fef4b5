"""Outcomes of an offline mark: applied, already set, conflict, or refused."""

from datetime import timedelta

import pytest
import time_machine

from appointments.booking.models import Status
from appointments.desk import attendance
from appointments.desk.offline import services as offline
from appointments.models import OfflineMark
from portal.notifications.models import Message
from tests import factories
from tests.appointments.desk.offline.device import tap
from tests.appointments.steps import taken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(at(0, 10), tick=False) as clock:
        yield clock


@pytest.fixture
def slot(center):
    return factories.SlotFactory(center=center, starts_at=at(0, 9), online_taken=1)


@pytest.fixture
def due(center, item, resident, slot):
    """Booked yesterday for nine o'clock this morning; it is ten."""
    appointment = factories.AppointmentFactory(
        center=center, item=item, resident=resident, starts_at=slot.starts_at, booked_at=at(-1, 9)
    )
    factories.PlaceFactory(appointment=appointment, slot=slot)
    return appointment


@pytest.fixture
def take(center, cadre):
    def take(appointment, kind, moment, **changes) -> OfflineMark:
        return offline.sync_mark(center=center, tap=tap(appointment, kind, moment, **changes), by=cadre)

    return take


def moments(appointment):
    appointment.refresh_from_db()
    return appointment.arrived_at, appointment.served_at, appointment.missed_at


def test_an_arrival_keeps_the_moment_of_the_tap(take, due):
    assert take(due, "arrive", at(0, 9, 5)).outcome == "applied"
    assert moments(due) == (at(0, 9, 5), None, None)


def test_a_service_keeps_the_moment_of_the_tap_and_implies_the_arrival(take, due, cadre):
    take(due, "serve", at(0, 9, 20))

    assert moments(due) == (at(0, 9, 20), at(0, 9, 20), None)
    assert due.served_by == cadre
    assert Message.objects.filter(kind="rate", channel="sms").count() == 1


def test_nobody_is_served_before_they_arrived(take, due, manager):
    attendance.arrive(appointment=due, by=manager, at=at(0, 9, 10))

    take(due, "serve", at(0, 9, 9))

    assert moments(due)[:2] == (at(0, 9, 10), at(0, 9, 10))


def test_a_miss_gives_the_place_to_others(take, due, slot):
    take(due, "miss", at(0, 9, 30))

    assert moments(due)[2] == at(0, 9, 30)
    assert taken(slot) == (0, 0)


def test_a_mark_set_and_undone_offline_changes_nothing(take, due):
    outcomes = [
        take(due, "serve", at(0, 9, 5)).outcome,
        take(due, "undo", at(0, 9, 6), seen="served").outcome,
        take(due, "undo", at(0, 9, 7), seen="arrived").outcome,
    ]

    assert outcomes == ["applied"] * 3
    assert moments(due) == (None, None, None)


def test_a_miss_before_it_began_is_refused(take, due):
    mark = take(due, "miss", at(0, 8, 55))

    assert (mark.outcome, mark.note) == ("refused", "还没到约好的时间，先不能记未到。")


@pytest.mark.parametrize(("kind", "earlier"), [("arrive", "arrive"), ("arrive", "serve"), ("serve", "serve")])
def test_what_a_colleague_has_marked_as_well_is_already_there(take, due, manager, kind, earlier):
    getattr(attendance, earlier)(appointment=due, by=manager, at=at(0, 9, 1))
    before = moments(due)

    assert take(due, kind, at(0, 9, 5)).outcome == "already"
    assert moments(due) == before


def test_a_colleagues_arrival_is_followed_by_a_service(take, due, manager):
    attendance.arrive(appointment=due, by=manager, at=at(0, 9, 1))

    assert take(due, "serve", at(0, 9, 20)).outcome == "applied"


def test_a_miss_against_a_colleagues_service_changes_nothing_and_shows_both(take, due, manager):
    attendance.serve(appointment=due, by=manager, at=at(0, 9, 10))

    mark = take(due, "miss", at(0, 9, 5))

    assert mark.outcome == "conflict"
    assert mark.note.startswith(f"您上午9:05记了“未到”，{manager}上午9:10已经记了“已办”，以“已办”为准")
    assert moments(due)[1:] == (at(0, 9, 10), None)


def test_an_arrival_against_a_colleagues_miss_changes_nothing(take, due, manager):
    attendance.miss(appointment=due, by=manager, at=at(0, 9, 30))

    mark = take(due, "arrive", at(0, 9, 20))

    assert (mark.outcome, "撤回再记" in mark.note) == ("conflict", True)
    assert due.arrived_at is None


def test_a_miss_against_an_arrival_says_when(take, due, manager):
    attendance.arrive(appointment=due, by=manager, at=at(0, 9, 10))

    assert "系统里上午9:10已经记了“已到”" in take(due, "miss", at(0, 9, 5)).note


def test_a_mark_on_a_cancelled_one_says_what_to_do(take, due):
    due.cancelled_at, due.cancelled_by = at(0, 8, 50), "villager"
    due.save()

    mark = take(due, "arrive", at(0, 9, 5))

    assert (mark.outcome, "上午8:50已经取消" in mark.note) == ("conflict", True)


def test_taking_back_what_has_become_something_else_is_a_conflict(take, due, manager):
    attendance.serve(appointment=due, by=manager, at=at(0, 9, 10))

    assert take(due, "undo", at(0, 9, 12), seen="missed").outcome == "conflict"
    assert moments(due)[1] == at(0, 9, 10)


def test_taking_back_what_a_colleague_took_back_is_already_done(take, due):
    assert take(due, "undo", at(0, 9, 12), seen="arrived").outcome == "already"


def test_a_miss_whose_place_has_gone_cannot_be_taken_back_and_says_so(take, due, slot, item, cadre, village):
    take(due, "miss", at(0, 9, 30))
    slot.online_taken, slot.online_places = 2, 2
    slot.save()

    mark = take(due, "undo", at(0, 9, 40), seen="missed")

    assert (mark.outcome, "约满" in mark.note) == ("refused", True)
    assert moments(due)[2] == at(0, 9, 30)


def test_another_centers_appointment_is_refused_and_not_touched(take, other_center, item):
    foreign = factories.AppointmentFactory(
        center=other_center, item=item, resident__division=other_center.division, starts_at=at(0, 9)
    )

    mark = take(foreign, "arrive", at(0, 9, 5))

    assert (mark.outcome, mark.appointment) == ("refused", None)
    assert moments(foreign) == (None, None, None)


def test_somebody_without_an_appointment_is_kept_to_be_entered(take, center):
    take(None, "note", at(0, 9, 12), name="钱来顺", matter="开证明", seen="")

    assert OfflineMark.objects.unsettled().get().name == "钱来顺"


def test_nobody_has_come_later_than_now(take):
    assert take(None, "note", at(0, 23), name="钱来顺", seen="").made_at == at(0, 10)


# Time of the mark


def test_another_days_sheet_is_refused(take, due):
    mark = take(due, "arrive", at(-1, 16))

    assert (mark.outcome, moments(due)) == ("refused", (None, None, None))


def test_a_moment_in_the_future_is_refused(take, due):
    assert "钟可能不准" in take(due, "arrive", at(0, 10, 3)).note


def test_a_clock_that_is_a_minute_ahead_means_now(take, due):
    take(due, "arrive", at(0, 10, 1))

    assert moments(due)[0] == at(0, 10)


def test_a_moment_before_the_booking_is_refused(take, due):
    due.booked_at = at(0, 9, 30)
    due.save()

    assert take(due, "arrive", at(0, 9, 5)).outcome == "refused"


def test_a_clock_that_is_a_minute_behind_means_when_it_was_booked(take, due):
    due.booked_at = at(0, 9, 6)
    due.save()

    take(due, "arrive", at(0, 9, 5))

    assert moments(due)[0] == at(0, 9, 6)


def test_yesterdays_marks_may_still_be_sent_after_midnight(take, due, at_ten):
    at_ten.move_to(at(1, 0, 20))

    outcomes = [
        take(due, "arrive", at(-1, 23, 50)).outcome,
        take(due, "undo", at(-1, 23, 55), seen="arrived").outcome,
        take(due, "serve", at(-1, 23, 56)).outcome,
    ]

    assert outcomes == ["applied"] * 3
    assert moments(due)[1] == at(-1, 23, 56)


def test_after_a_week_it_is_too_late(take, due, at_ten):
    made = at(0, 9, 5)
    at_ten.move_to(made + timedelta(days=7, minutes=1))

    assert "七天" in take(due, "arrive", made).note
    assert due.status == Status.BOOKED
