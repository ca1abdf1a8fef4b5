"""Each step on a booking behind each other one that is not committed yet: it is taken, or refused with a sentence."""

from copy import copy
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from appointments.booking import services as booking
from appointments.booking.confirmation import confirm
from appointments.desk import attendance
from appointments.models import Appointment, Place, Slot
from assessments.services import rate
from portal.invariants import invariants
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.behind import all_behind
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def begin(center, item, village):
    """Functions that make a booking in each of its states, each at a time of its own."""

    def ahead(number: int) -> Appointment:
        slot = factories.SlotFactory(center=center, starts_at=at(3 + number, 9))
        return book(slot, item, factories.ResidentFactory(division=village))

    def today(number: int) -> Appointment:
        """Its half hour began so long ago that the grace period is over."""
        booked = ahead(number)
        begun = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(minutes=30 * (number + 1))
        times = {"starts_at": begun, "ends_at": begun + timedelta(minutes=30)}
        Slot.objects.filter(pk__in=list(booked.places.values_list("slot", flat=True))).update(**times)
        Appointment.objects.filter(pk=booked.pk).update(**times, booked_at=begun - timedelta(days=1))
        return booked

    def served(number: int) -> Appointment:
        return attendance.serve(appointment=today(number), by=factories.UserFactory())

    return {state.__name__: state for state in (ahead, today, served)}


@pytest.fixture
def steps(center, cadre):
    to = factories.SlotFactory(center=center, starts_at=at(12, 9), online_places=50)
    return {
        "confirm": lambda row: confirm(appointment=row),
        "move": lambda row: booking.move(appointment=row, slot=to),
        "cancel": lambda row: booking.cancel(appointment=row),
        "called off": lambda row: booking.cancel(appointment=row, by_center=True, reason="停电", by=cadre),
        "arrive": lambda row: attendance.arrive(appointment=row, by=cadre),
        "serve": lambda row: attendance.serve(appointment=row, by=cadre),
        "miss": lambda row: attendance.miss(appointment=row, by=cadre),
        "undo": lambda row: attendance.undo(appointment=row, by=cadre, seen=row.status),
        "rate": lambda row: rate(of=row, level=5, via="link"),
    }


OFFERED = {
    "ahead": ("confirm", "move", "cancel", "called off"),
    "today": ("arrive", "serve", "miss", "called off"),
    "served": ("undo", "rate"),
}


@pytest.mark.parametrize("state", OFFERED)
def test_each_step_waits_for_each_other_and_is_taken_or_refused_with_a_sentence(state, begin, steps):
    for number, first in enumerate(OFFERED[state]):
        page = Appointment.objects.for_pages().get(pk=begin[state](number).pk)
        others = [partial(steps[name], copy(page)) for name in OFFERED[state]]
        done, answers = all_behind(partial(steps[first], copy(page)), others)

        assert not isinstance(done, Exception) or isinstance(done, RuleBroken), f"{first}: {done!r}"
        for name, answer in zip(OFFERED[state], answers, strict=True):
            assert not isinstance(answer, Exception) or isinstance(answer, RuleBroken), f"{name}/{first}: {answer!r}"
        now = Appointment.objects.get(pk=page.pk)
        has_place = Place.objects.filter(appointment=now, released_at=None).exists()
        assert has_place == (now.cancelled_at is None and now.missed_at is None and now.late_at is None)
    for slot in Slot.objects.filter(center__appointments__isnull=False).distinct():
        taken(slot)
    assert not [sentence for sentence, rows in invariants(timezone.now()) if rows.exists()]
