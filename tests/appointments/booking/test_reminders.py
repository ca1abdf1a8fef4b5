"""Reminders are planned at their hour, from the bookings that stand then."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from threading import Barrier, BrokenBarrierError

import pytest
import time_machine
from django.utils import timezone

from appointments.booking import messages, reminders
from appointments.booking import services as booking
from appointments.desk import attendance
from portal.notifications import services as notifications
from portal.notifications.models import Message
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at
from tests.together import together

pytestmark = pytest.mark.django_db
QUIET = (time(20, 30), time(8))


@pytest.fixture
def appointment(slot, item, resident):
    """In three days at nine; the confirmation has been sent."""
    made = book(slot, item, resident)
    notifications.dispatch()
    return made


@pytest.fixture
def later(center):
    return factories.SlotFactory(center=center, starts_at=at(4, 10))


def planned(**which) -> list[tuple[str, int]]:
    """(channel, number) of the reminders that are to be sent or shown."""
    rows = Message.objects.filter(kind=messages.REMINDER, state__in=["pending", "listed", "to_call"], **which)
    return sorted(rows.values_list("channel", "number"))


def sweep(moment: datetime) -> int:
    """Both jobs, as they run."""
    with time_machine.travel(moment, tick=False):
        return reminders.sweep() + reminders.catch_up()


def test_a_booking_plans_none(appointment):
    assert planned() == []


def test_before_its_hour_there_is_no_row(appointment):
    sweep(at(2, 8, 54))
    assert planned() == []


def test_minutes_before_its_hour_there_is_one_that_is_due_at_it(appointment):
    sweep(at(2, 8, 56))
    assert planned(due_at=at(2, 9)) == [("inbox", 1), ("sms", 1)]


def test_however_often_it_is_looked_for(appointment):
    for minute in (56, 57, 58, 59):
        sweep(at(2, 8, minute))
    assert planned() == [("inbox", 1), ("sms", 1)]


def test_two_hours_before_it_is_the_second(appointment):
    sweep(at(2, 8, 56))
    sweep(at(3, 6, 56))
    assert planned() == [("inbox", 1), ("inbox", 2), ("sms", 1), ("sms", 2)]


def test_what_an_outage_made_late_is_planned_while_the_visit_lies_ahead(appointment):
    sweep(at(2, 22))
    assert planned() == [("inbox", 1), ("sms", 1)]


def test_of_two_that_are_late_only_the_later_one(appointment):
    sweep(at(3, 8, 30))
    assert planned() == [("inbox", 2), ("sms", 2)]


def test_and_none_once_it_has_begun(appointment):
    sweep(at(3, 9, 1))
    assert planned() == []


def test_none_for_an_hour_that_was_over_when_it_was_booked(slot, item, resident):
    with time_machine.travel(at(2, 9, 1), tick=False):
        book(slot, item, resident)
    sweep(at(2, 9, 2))
    assert planned() == []
    sweep(at(3, 7))
    assert planned() == [("inbox", 2), ("sms", 2)]


def test_nor_when_it_was_moved(appointment, later):
    with time_machine.travel(at(3, 10, 1), tick=False):
        factories.SlotFactory(center=later.center, starts_at=at(4, 9, 30))
    with time_machine.travel(at(2, 12), tick=False):
        booking.move(appointment=appointment, slot=later)
    with time_machine.travel(at(3, 11), tick=False):
        back = factories.SlotFactory(center=later.center, starts_at=at(4, 10, 30))
        booking.move(appointment=booking.Appointment.objects.get(), slot=back)
    sweep(at(3, 11, 5))
    assert planned() == []


def cancelled(appointment, cadre) -> None:
    booking.cancel(appointment=appointment)


def missed(appointment, cadre) -> None:
    type(appointment).objects.update(missed_at=timezone.now(), missed_by=cadre)


def arrived(appointment, cadre) -> None:
    type(appointment).objects.update(arrived_at=timezone.now())


@pytest.mark.parametrize("change", [cancelled, missed, arrived])
def test_none_for_what_does_not_stand(appointment, cadre, change):
    change(appointment, cadre)
    sweep(at(2, 9))
    assert planned() == []


def test_none_for_who_took_a_number(center, item, resident):
    factories.AppointmentFactory(center=center, item=item, resident=resident, channel="walk_in", starts_at=at(3, 9))
    sweep(at(2, 9))
    assert planned() == []


def test_moved_away_before_it_went_it_is_withdrawn(appointment, later):
    sweep(at(2, 8, 56))
    with time_machine.travel(at(2, 8, 57), tick=False):
        booking.move(appointment=appointment, slot=later)
    assert planned() == []


def test_and_moved_back_before_its_hour_it_goes(appointment, slot, later):
    sweep(at(2, 8, 56))
    with time_machine.travel(at(2, 8, 57), tick=False):
        moved = booking.move(appointment=appointment, slot=later)
        booking.move(appointment=moved, slot=slot)
    sweep(at(2, 8, 58))
    assert planned() == [("inbox", 1), ("sms", 1)]


def test_what_was_sent_does_not_go_again_after_moving_away_and_back(appointment, slot, later):
    sweep(at(2, 8, 56))
    notifications.dispatch(at=at(2, 9))
    with time_machine.travel(at(2, 9, 1), tick=False):
        moved = booking.move(appointment=appointment, slot=later)
        booking.move(appointment=moved, slot=slot)
    sweep(at(2, 9, 2))
    assert Message.objects.filter(kind=messages.REMINDER, channel="sms").values_list("state", flat=True)[0] == "sent"
    assert planned() == []


def test_other_settings_do_not_send_the_same_one_twice(appointment, settings):
    sweep(at(2, 8, 56))
    settings.REMINDERS = [720, 120]
    sweep(at(2, 20, 56))
    assert planned() == [("inbox", 1), ("sms", 1)]


def test_a_mark_that_is_undone_lets_it_go_after_all(appointment, cadre):
    sweep(at(3, 6, 56))
    with time_machine.travel(at(3, 6, 57), tick=False):
        appointment.__class__.objects.update(arrived_at=timezone.now())
    notifications.dispatch(at=at(3, 7))
    assert planned(channel="sms") == []
    with time_machine.travel(at(3, 7, 5), tick=False):
        attendance.undo(appointment=appointment, by=cadre)
    sweep(at(3, 7, 6))
    assert planned(channel="sms") == [("sms", 2)]


@pytest.mark.parametrize(
    ("visit", "minutes", "due"),
    [
        (at(3, 8), 120, at(2, 20)),
        (at(3, 9), 120, at(2, 20)),
        (at(3, 9, 30), 120, at(3, 8)),
        (at(3, 10), 120, at(3, 8)),
        (at(3, 10, 30), 120, at(3, 8, 30)),
        (at(3, 7), 1440, at(2, 8)),
        (at(3, 22), 120, at(3, 20)),
    ],
    ids=[
        "at the end of quiet",
        "an hour after",
        "later",
        "just after quiet",
        "by day",
        "the day before",
        "in the evening",
    ],
)
def test_a_reminder_that_falls_into_the_quiet_hours_goes_before_them_or_at_their_end(settings, visit, minutes, due):
    settings.QUIET_HOURS, settings.REMINDERS = QUIET, [minutes]
    assert reminders.hours_of(visit, settings.REMINDERS) == [(due, 1)]


def test_a_visit_at_eight_is_reminded_the_evening_before(center, item, resident, settings):
    settings.QUIET_HOURS = QUIET
    book(factories.SlotFactory(center=center, starts_at=at(3, 8)), item, resident)
    sweep(at(2, 19, 56))
    assert planned(due_at=at(2, 20)) == [("inbox", 2), ("sms", 2)]


def test_but_not_who_booked_later_that_evening(center, item, resident, settings):
    settings.QUIET_HOURS = QUIET
    with time_machine.travel(at(2, 21), tick=False):
        book(factories.SlotFactory(center=center, starts_at=at(3, 8)), item, resident)
    sweep(at(2, 21, 5))
    assert planned() == []


def test_two_that_the_quiet_hours_move_to_one_hour_are_one(settings):
    settings.QUIET_HOURS, settings.REMINDERS = QUIET, [180, 120]
    assert reminders.hours_of(at(3, 8), settings.REMINDERS) == [(at(2, 20), 2)]


class TestARowThatIsMissing:
    def test_is_named_ten_minutes_after_its_hour(self, appointment):
        assert list(reminders.unplanned(at(2, 9, 9))) == []
        assert list(reminders.unplanned(at(2, 9, 11))) == [appointment]

    def test_and_not_once_it_is_there(self, appointment):
        sweep(at(2, 9))
        assert list(reminders.unplanned(at(2, 9, 11))) == []

    def test_nor_for_who_booked_after_it(self, slot, item, resident):
        with time_machine.travel(at(2, 9, 1), tick=False):
            book(slot, item, resident)
        assert list(reminders.unplanned(at(2, 9, 30))) == []


def test_sweeping_asks_as_much_for_twenty_as_for_one(center, item, django_assert_max_num_queries):
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=30)
    for _person in range(20):
        book(slot, item, factories.ResidentFactory())
    with time_machine.travel(at(2, 9), tick=False), django_assert_max_num_queries(6):
        reminders.sweep()
    assert len(planned(channel="sms")) == 20


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestFourSweepsAtOnce:
    @pytest.fixture(autouse=True)
    def booked(self, center, item, monkeypatch):
        for _person in range(20):
            resident = factories.ResidentFactory()
            factories.AppointmentFactory(center=center, item=item, starts_at=at(3, 9), resident=resident)
        monkeypatch.setattr(notifications, "plan", late(notifications.plan))

    def test_plan_each_reminder_once(self):
        together(sweep_at, [at(2, 9)] * 4)
        assert planned(channel="sms") == [("sms", 1)] * 20

    def test_control_without_the_key_each_plans_its_own(self, monkeypatch):
        monkeypatch.setattr(messages, "reminder", without_key(messages.reminder))
        together(sweep_at, [at(2, 9)] * 4)
        assert planned(channel="sms") == [("sms", 1)] * 80


def without_key(reminder):
    """NULL is no part of a unique key."""
    return lambda *about: [one._replace(occasion=None) for one in reminder(*about)]


def sweep_at(moment: datetime) -> int:
    return reminders.plan_due(moment, since=moment - timedelta(minutes=15))


def late(plan):
    """All have read before one writes."""
    all_have_read = Barrier(4, timeout=30)

    def wait(planned) -> None:
        with suppress(BrokenBarrierError):
            all_have_read.wait()
        plan(planned)

    return wait
