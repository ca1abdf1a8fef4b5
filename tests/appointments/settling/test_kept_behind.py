"""Keeping a booking behind a change of it that is not committed yet: refused as it is one after the other."""

from copy import copy
from functools import partial

import pytest

from appointments.booking import services as booking
from appointments.models import KeptBooking, Slot
from appointments.settling import services as settling
from portal.ui.errors import RuleBroken
from tests.behind import behind
from tests.factories.appointments import at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def changes(closed, booked):
    return {
        "cancelled": lambda: booking.cancel(appointment=copy(booked), by_center=True),
        "moved": lambda: booking.move(appointment=copy(booked), slot=Slot.objects.get(starts_at=at(4, 9))),
    }


@pytest.mark.parametrize("change", ["cancelled", "moved"])
def test_what_is_changed_meanwhile_is_not_kept(change, changes, booked, cadre):
    keep = partial(settling.keep, appointment=copy(booked), how="home", by=cadre)

    _changed, answer = behind(changes[change], keep)

    assert isinstance(answer, RuleBroken) and answer.code == "not_displaced"
    assert not KeptBooking.objects.exists()


@pytest.mark.parametrize("change", ["cancelled", "moved"])
def test_one_after_the_other_it_is_refused_as_well(change, changes, booked, cadre):
    changes[change]()

    with pytest.raises(RuleBroken) as refused:
        settling.keep(appointment=booked, how="home", by=cadre)
    assert refused.value.code == "not_displaced"


def test_two_who_keep_it_keep_it_once(closed, booked, cadre):
    keep = partial(settling.keep, appointment=copy(booked), how="home", by=cadre)

    first, second = behind(keep, keep)

    assert first == second == KeptBooking.objects.get()
