"""EVIDENCE_SOURCES, DUTY_FOLLOWERS, CALENDAR_FOLLOWERS and FREED_PLACE_FOLLOWERS."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Hold
from centers.duty import evidence, rosters
from centers.services import calendar
from tests import factories
from tests.appointments.steps import book
from tests.centers.duty.conftest import december, open_weekdays
from tests.guestbook.models import Note

__all__ = ["december", "open_weekdays"]
pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=timezone.get_current_timezone())


def test_a_note_is_evidence_for_its_half_day(note, open_weekdays, december, center):
    published = {"published": True, "published_at": moment(1, 9)}
    factories.RosterFactory(center=center, month=date(2026, 11, 1), **published)
    Note.objects.update(written_at=moment(23, 15))

    assert [block.level for block in evidence.blocks_of([center], MONDAY, MONDAY)] == ["", "A"]


def test_it_is_notified_when_duty_changes(note, center):
    Note.objects.update(answered_at=timezone.now())
    rosters.notify_followers_of(center, timezone.localdate(), timezone.localdate())

    note.refresh_from_db()
    assert note.answered_at is None


def test_it_hears_that_the_calendar_has_changed(note):
    Note.objects.update(answered_at=timezone.now())
    calendar.fill(timezone.localdate(), timezone.localdate())

    note.refresh_from_db()
    assert note.answered_at is None


@pytest.mark.parametrize("wants", [True, False])
def test_a_freed_place_is_held_if_a_note_wants_it(note, slot, item, village, wants):
    Note.objects.update(wants_a_place=wants)
    people = factories.ResidentFactory.create_batch(2, division=village)
    first, _second = [book(slot, item, person) for person in people]
    booking.cancel(appointment=first)

    assert Hold.objects.exists() is wants
