"""F14: each invariant detects its violation, with constraints disabled where they would prevent it."""

import logging
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appointments.booking import reminders
from appointments.booking import services as booking
from appointments.models import Appointment, Place, Slot
from portal import invariants
from portal.notifications.models import Message, State
from tests import factories
from tests.appointments.steps import book
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(slot, item, resident) -> Appointment:
    return book(slot, item, resident)


def broken() -> list[str]:
    return [violation.sentence for violation in invariants.violations()]


def without_constraint(model, name: str) -> None:
    """Until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may wait for the commit on a table that changes
            cursor.execute(f'ALTER TABLE {model._meta.db_table} DROP CONSTRAINT "{name}"')
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")


@pytest.fixture(autouse=True)
def constraints_are_on_again():
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_f14_a_world_in_which_things_happened_keeps_them_all(center, item, resident, village, slot):
    first = book(slot, item, resident)
    later = factories.SlotFactory(center=center, starts_at=at(3, 10))
    booking.move(appointment=first, slot=later)
    booking.cancel(appointment=book(slot, item, factories.ResidentFactory(division=village)))
    assert broken() == []


def test_f14_the_command_is_silent_when_all_is_well(appointment, capsys):
    call_command("check_invariants")
    assert capsys.readouterr() == ("", "")


def test_f14_the_command_names_what_is_broken_and_fails(appointment, slot):
    Slot.objects.filter(pk=slot.pk).update(online_taken=2)
    with pytest.raises(CommandError, match=rf"A slot's counters equal .* appointments.Slot {slot.pk}\."):
        call_command("check_invariants")


def test_f14_a_violation_alarms_at_night(appointment, slot, caplog):
    Slot.objects.filter(pk=slot.pk).update(online_taken=2)
    assert invariants.check_nightly() == 1
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_f14_the_number_of_queries_is_fixed(appointment, slot, django_assert_num_queries, settings):
    with CaptureQueriesContext(connection) as counted:
        invariants.violations()
    number = len(counted)
    # One each, and one more for those that compute what should be stored: which centers there are.
    assert number <= sum(1 for _ in all_invariants(settings)) + 2
    Slot.objects.bulk_create(
        Slot(
            center=slot.center,
            starts_at=at(4, 9) + timedelta(minutes=30 * step),
            ends_at=at(4, 9) + timedelta(minutes=30 * step + 30),
            online_places=1,
            desk_places=0,
            online_taken=1,
        )
        for step in range(20)
    )
    with django_assert_num_queries(number):
        invariants.violations()


def all_invariants(settings):
    for path in settings.INVARIANTS:
        yield from invariants.import_string(path)(timezone.now())


def test_f14_a_lost_row_behind_a_counter_is_found(appointment, slot):
    Place.objects.all().delete()
    assert "A slot's counters equal its occupied places and holds." in broken()


def test_f14_more_taken_than_there_are_places_is_found(appointment, slot):
    without_constraint(Slot, "online_bookings_stay_within_places")
    Slot.objects.filter(pk=slot.pk).update(online_places=0)
    assert broken() == ["A slot's counters stay within its capacity."]


def test_f14_overlapping_slots_are_found(slot):
    factories.SlotFactory(center=slot.center, starts_at=slot.starts_at + timedelta(minutes=15))
    assert broken() == ["No two open slots of a center overlap."]


def test_f14_an_old_time_beside_the_new_one_is_fine_once_it_is_closed(slot):
    Slot.objects.update(closed_at=timezone.now())
    factories.SlotFactory(center=slot.center, starts_at=slot.starts_at + timedelta(minutes=15))
    assert broken() == []


def test_f14_a_person_twice_in_a_slot_is_found(appointment, slot, item, village):
    other = book(slot, item, factories.ResidentFactory(division=village))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_person_holds_one_place_per_slot")
    Appointment.objects.filter(pk=other.pk).update(resident=appointment.resident)
    Place.objects.filter(appointment=other).update(resident=appointment.resident)
    assert broken() == ["One person occupies at most one place in a slot."]


@pytest.mark.parametrize("moment", ["cancelled_at", "missed_at"])
def test_f14_a_place_held_for_nobody_is_found(appointment, moment):
    who = {"cancelled_by": "villager"} if moment == "cancelled_at" else {}
    Appointment.objects.update(**{moment: timezone.now()}, **who)
    assert broken() == ["A cancelled or missed appointment occupies no place."]


def test_f14_an_appointment_at_another_time_than_its_place_is_found(appointment):
    Appointment.objects.update(starts_at=at(3, 8), ends_at=at(3, 8, 30))
    assert broken() == ["An active appointment occupies the slots of its time."]


def test_f14_an_appointment_that_holds_nothing_is_found(appointment, slot):
    Place.objects.update(released_at=timezone.now())
    Slot.objects.filter(pk=slot.pk).update(online_taken=0)
    assert broken() == ["An active appointment occupies the slots of its time."]


def test_f14_a_place_of_another_size_than_the_party_is_found(appointment):
    Appointment.objects.update(party_size=2)
    assert broken() == ["A place is of its appointment's center, person and party."]


def test_f14_a_rating_of_a_visit_that_never_was_is_found(appointment):
    factories.RatingFactory(appointment=appointment)
    assert broken() == ["A rating is of a visit that took place."]


def test_f14_a_message_nobody_sent_in_an_hour_is_found(db):
    factories.MessageFactory(due_at=timezone.now() - timedelta(minutes=61))
    assert broken() == ["No message is forgotten: an hour after it may go, it has gone or its fate is known."]


def test_f14_a_message_that_waits_for_the_morning_is_not_forgotten(db):
    now = timezone.now()
    factories.MessageFactory(due_at=now - timedelta(hours=9), next_try_at=now + timedelta(hours=1))
    assert broken() == []


def test_f14_a_message_kept_by_a_dead_sender_is_found(db):
    long_ago = timezone.now() - timedelta(hours=2)
    factories.MessageFactory(state=State.SENDING, due_at=long_ago, leased_until=long_ago, lease=uuid.uuid4().hex)
    assert broken() == ["No sender keeps a message for an hour."]


def test_f14_a_message_sent_at_no_time_is_found(db):
    factories.MessageFactory(state=State.SENT)
    assert broken() == ["A message that was sent says when."]
    assert Message.objects.get().sent_at is None


def test_f14_a_reminder_that_was_never_planned_is_found(appointment, time_machine):
    time_machine.move_to(appointment.starts_at - timedelta(hours=1))
    sentence = "A booking that stands has the row of its reminder, ten minutes after its hour."
    assert sentence in broken()
    reminders.catch_up()
    assert sentence not in broken()
