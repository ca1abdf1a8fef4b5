"""Each step on an entry of the waiting list behind each other one that is not committed yet."""

from functools import partial

import pytest
from django.utils import timezone

from appointments.booking import services as booking
from appointments.models import Place, WaitingEntry
from appointments.waiting import offers
from appointments.waiting import services as waiting
from centers.services import closures
from portal.invariants import invariants
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book, taken
from tests.appointments.waiting.line import fill, join
from tests.behind import all_behind
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def begin(center, item, village, manager):
    """A function that gives a full time of its own, with an entry that waits for it, or has an offer of it."""

    def begin(number: int, is_offered: bool) -> dict:
        slot = factories.SlotFactory(center=center, starts_at=at(3 + number, 9))
        booked = fill(slot, item)
        entry = join(slot, item, factories.ResidentFactory(division=village))
        join(slot, item, factories.ResidentFactory(division=village))
        if is_offered:
            booking.cancel(appointment=booked[0])
        span = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
        return {
            "slot": slot,
            "booked": booked[1],
            "entry": WaitingEntry.objects.for_pages().get(pk=entry.pk),
            "closure": closures.request(center=center, **span, reason="emergency", by=manager),
        }

    return begin


@pytest.fixture
def steps(item, officer):
    def lapse(on: dict):
        return offers._end_offers(on["slot"].center_id, on["entry"].offer_ends_at)

    return {
        "accept": lambda on: waiting.accept(entry=on["entry"]),
        "decline": lambda on: waiting.decline(entry=on["entry"]),
        "leave": lambda on: waiting.leave(entry=on["entry"]),
        "lapse": lapse,
        "sweep": lambda on: offers.sweep(),
        "another place is free": lambda on: booking.cancel(appointment=on["booked"]),
        "book": lambda on: book(on["slot"], item, on["entry"].resident),
        "join again": lambda on: join(on["slot"], item, on["entry"].resident),
        "close": lambda on: closures.approve(closure=on["closure"], by=officer),
    }


ALWAYS = ("leave", "another place is free", "close", "sweep")
OFFERED = {True: ("accept", "decline", "lapse", "book", *ALWAYS), False: ("accept", "join again", *ALWAYS)}


@pytest.mark.parametrize("is_offered", OFFERED)
def test_each_step_waits_for_each_other_and_is_taken_or_refused_with_a_sentence(is_offered, begin, steps):
    for number, first in enumerate(OFFERED[is_offered]):
        on = begin(number, is_offered)
        done, answers = all_behind(
            partial(steps[first], on), [partial(steps[name], on) for name in OFFERED[is_offered]]
        )

        assert not isinstance(done, Exception) or isinstance(done, RuleBroken), f"{first}: {done!r}"
        for name, answer in zip(OFFERED[is_offered], answers, strict=True):
            assert not isinstance(answer, Exception) or isinstance(answer, RuleBroken), f"{name}/{first}: {answer!r}"
        now = WaitingEntry.objects.get(pk=on["entry"].pk)
        places = Place.objects.filter(slot=on["slot"], resident=now.resident, released_at=None)
        assert places.count() <= 1
        assert (now.outcome == "accepted") == (now.appointment_id is not None)
        taken(on["slot"])
    assert not [sentence for sentence, rows in invariants(timezone.now()) if rows.exists()]
