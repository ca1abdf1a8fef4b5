"""EVIDENCE_SOURCES, DAY_FOLLOWERS, ITEM_FOLLOWERS, DIVISION_FOLLOWERS, CENTER_FOLLOWERS and FREED_PLACE_FOLLOWERS."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from appointments.booking import services as booking
from appointments.catalog import services as catalog
from appointments.models import Hold
from centers.duty import evidence
from centers.services import succession
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
    factories.arrange(center, first=MONDAY)

    assert [block.level for block in evidence.blocks_of([center], MONDAY, MONDAY)] == ["", "A"]


def test_it_hears_that_a_day_has_changed(note, center):
    Note.objects.update(answered_at=timezone.now())
    factories.OpeningRuleFactory(center=center, weekday=timezone.localdate().weekday())

    note.refresh_from_db()
    assert note.answered_at is None


def test_it_hears_that_an_item_has_ended(note, item, officer):
    Note.objects.update(text=f"想办{item.code}")
    catalog.end(item=item, by=officer)

    note.refresh_from_db()
    assert note.text == ""


def test_it_hears_where_a_division_goes_on(note, village):
    Note.objects.update(text=f"{village.short_name}的路灯坏了")
    succession.succeed(old=village, new=factories.DivisionFactory(name="杏花村委会"), by=None)

    note.refresh_from_db()
    assert note.text == "杏花村的路灯坏了"


def test_it_hears_that_a_center_has_another_division(note, center):
    Note.objects.update(answered_at=timezone.now())
    succession.rehome(center=center, division=factories.DivisionFactory(code="990101100299"))

    note.refresh_from_db()
    assert note.answered_at is None


@pytest.mark.parametrize("wants", [True, False])
def test_a_freed_place_is_held_if_a_note_wants_it(note, slot, item, village, wants):
    Note.objects.update(wants_a_place=wants)
    people = factories.ResidentFactory.create_batch(2, division=village)
    first, _second = [book(slot, item, person) for person in people]
    booking.cancel(appointment=first)

    assert Hold.objects.exists() is wants
