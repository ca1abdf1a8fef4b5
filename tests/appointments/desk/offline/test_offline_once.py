"""Sync is idempotent: repeats, concurrent repeats, and a repeat after an undo."""

import uuid
from threading import Barrier

import pytest
from django.utils import timezone

from appointments.booking.models import Status
from appointments.desk import attendance
from appointments.desk.offline import services as offline
from appointments.models import OfflineMark
from tests import factories
from tests.appointments.desk.offline.device import tap
from tests.factories.appointments import at
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
DEVICES = 8


@pytest.fixture
def due(center, item, resident):
    return factories.AppointmentFactory(
        center=center, item=item, resident=resident, starts_at=at(0, 0), booked_at=at(-1, 9)
    )


def test_one_person_noted_eight_times_at_once_is_noted_once(center, cadre):
    one = tap(None, "note", timezone.now(), name="钱来顺", matter="开证明")

    answers = together(lambda _: offline.sync_mark(center=center, tap=one, by=cadre), range(DEVICES))

    assert {answer.pk for answer in answers} == {OfflineMark.objects.get().pk}


def test_control_looking_for_the_key_before_writing_it_notes_them_more_than_once(center, cadre):
    """Control without the unique key: only a check before the insert."""
    all_have_looked = Barrier(DEVICES, timeout=60)

    def careless(_) -> None:
        known = OfflineMark.objects.filter(name="钱来顺").exists()
        all_have_looked.wait()
        if not known:
            factories.OfflineMarkFactory(center=center, by=cadre, name="钱来顺", key=uuid.uuid4())

    together(careless, range(DEVICES))

    assert OfflineMark.objects.count() == DEVICES


def test_one_arrival_sent_eight_times_at_once_is_set_once(center, cadre, due):
    one = tap(due, "arrive", timezone.now())

    answers = together(lambda _: offline.sync_mark(center=center, tap=one, by=cadre), range(DEVICES))

    assert {(answer.pk, answer.outcome) for answer in answers} == {(OfflineMark.objects.get().pk, "applied")}


def test_a_mark_whose_answer_was_lost_does_not_come_back_after_it_was_taken_back(center, cadre, manager, due):
    one = tap(due, "arrive", timezone.now())
    offline.sync_mark(center=center, tap=one, by=cadre)
    attendance.undo(appointment=due, by=manager)

    again = offline.sync_mark(center=center, tap=one, by=cadre)

    due.refresh_from_db()
    assert (again.outcome, due.status) == ("applied", Status.BOOKED)


def test_control_under_a_new_key_it_does_come_back(center, cadre, manager, due):
    offline.sync_mark(center=center, tap=tap(due, "arrive", timezone.now()), by=cadre)
    attendance.undo(appointment=due, by=manager)

    offline.sync_mark(center=center, tap=tap(due, "arrive", timezone.now()), by=cadre)

    due.refresh_from_db()
    assert due.status == Status.ARRIVED


def test_two_devices_that_disagree_leave_one_state_and_one_conflict(center, cadre, manager, due):
    taps = [(tap(due, "miss", timezone.now()), cadre), (tap(due, "arrive", timezone.now()), manager)]

    answers = together(lambda pair: offline.sync_mark(center=center, tap=pair[0], by=pair[1]), taps)

    assert sorted(answer.outcome for answer in answers) == ["applied", "conflict"]
