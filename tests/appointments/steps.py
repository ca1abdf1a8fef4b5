"""Helpers of the tests of booking."""

import uuid

from appointments.booking import services as booking
from appointments.booking.models import Channel
from appointments.models import Appointment, Hold, Place, Slot


def book(slot, item, resident, **changes) -> Appointment:
    values = {"channel": Channel.ONLINE, "key": str(uuid.uuid4()), **changes}
    return booking.book(slot=slot, item=item, resident=resident, **values)


def taken(slot: Slot) -> tuple[int, int]:
    """The counters (online, desk), after comparing them with the rows behind them."""
    slot.refresh_from_db()
    held = [
        *Place.objects.filter(slot=slot, released_at__isnull=True),
        *Hold.objects.filter(slot=slot, ended_at__isnull=True),
    ]
    rows = {pool: sum(one.size for one in held if one.pool == pool) for pool in Place.Pool.values}
    assert (slot.online_taken, slot.desk_taken) == (rows["online"], rows["desk"])
    return slot.online_taken, slot.desk_taken
