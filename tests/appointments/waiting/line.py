"""Helpers of the tests of the waiting list."""

import uuid
from datetime import datetime

import pytest
from django.db.models import Sum

from appointments.models import Appointment, Channel, Hold, Slot, WaitingEntry
from appointments.waiting import services as waiting
from portal.ui.errors import RuleBroken
from tests import factories
from tests.appointments.steps import book


def fill(slot: Slot, item, number: int = 2, **changes) -> list[Appointment]:
    """So many neighbours book, one place each; two are all public places of the cast's slot."""
    village = slot.center.division
    return [book(slot, item, factories.ResidentFactory(division=village), **changes) for _person in range(number)]


def join(slot: Slot, item, resident, **changes) -> WaitingEntry:
    values = {"channel": Channel.ONLINE, "key": str(uuid.uuid4()), **changes}
    return waiting.join(slot=slot, item=item, resident=resident, **values)


def queue(slot: Slot, item, number: int) -> list[WaitingEntry]:
    """So many neighbours on the waiting list, in this order."""
    village = slot.center.division
    return [join(slot, item, factories.ResidentFactory(division=village)) for _person in range(number)]


def held(slot: Slot, **which) -> int:
    """Places of the slot under a hold: offered, or in a cooldown."""
    held = Hold.objects.filter(slot=slot, ended_at__isnull=True, **which)
    return held.aggregate(number=Sum("size"))["number"] or 0


def is_offered(entry: WaitingEntry, at: datetime | None = None) -> bool:
    entry.refresh_from_db()
    return entry.is_offered(at)


def refusal(action) -> str:
    with pytest.raises(RuleBroken) as broken:
        action()
    return broken.value.code
