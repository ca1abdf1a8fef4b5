"""Claiming and giving back places: the one door to the counters of a slot.

Claimed by conditional UPDATE, so that the database judges each claim on the row as it is at that
moment: one path on both databases, and no lock is held while anything else is worked out. Several
slots are claimed in id order, so that two bookings cannot wait for each other in a circle.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext as _

from appointments.models import Appointment, Place, Slot
from portal.prepared import PreparedInsert, PreparedUpdate
from portal.ui.errors import RuleBroken

Pool = Place.Pool


class SlotFull(RuleBroken):
    """Nothing is left for the party at this time; the page offers the nearest alternatives."""

    def __init__(self) -> None:
        super().__init__(_("这个时间刚刚被约满了。您填的内容还在，请另选一个时间。"), code="slot_full")


def claim(slots: Sequence[Slot], size: int, pools: Sequence[str]) -> str:
    """Take `size` places in every slot, all from the first pool that has them; returns that pool.

    Call it inside a transaction: a claim that fails half-way is undone by the rollback.
    Raises SlotFull.
    """
    ordered = sorted(slots, key=lambda slot: slot.pk)
    for pool in pools:
        taken = [slot for slot in ordered if _take[pool](slot=slot.pk, size=size)]
        if len(taken) == len(ordered):
            return pool
        for slot in taken:
            _give(slot.pk, size, pool)
    raise SlotFull


def hold(appointment: Appointment, slots: Sequence[Slot], pool: str) -> None:
    """Write the rows behind the counters. Raises RuleBroken when the person is already there."""
    try:
        _insert(
            [
                Place(
                    slot=slot,
                    appointment=appointment,
                    resident_id=appointment.resident_id,
                    pool=pool,
                    size=appointment.party_size,
                )
                for slot in slots
            ]
        )
    except IntegrityError as error:
        raise RuleBroken(
            _("来办的人在这个时间已经约了别的事。请另选一个时间，或者先改原来那个。"), code="already_booked"
        ) from error


def release(appointment: Appointment, at: datetime, only: Sequence[int] | None = None) -> int:
    """Give back what the appointment holds (in the slots `only`, if given); returns how many places rows.

    Exactly once, however often it is called: whoever marks a row as released gives its places
    back, and a second caller finds nothing to mark.
    """
    held = appointment.places.filter(released_at__isnull=True).order_by("slot_id")
    if only is not None:
        held = held.filter(slot__in=only)
    given = 0
    for place in held:
        if Place.objects.filter(pk=place.pk, released_at__isnull=True).update(released_at=at):
            _give(place.slot_id, place.size, place.pool)
            given += 1
    return given


def _taking(pool: str) -> PreparedUpdate:
    taken, places = f"{pool}_taken", f"{pool}_places"

    def build(slot: int, size: int):
        room = Slot.objects.open().filter(**{"pk": slot, f"{taken}__lte": F(places) - size})
        return room, {taken: F(taken) + size}

    return PreparedUpdate(build)


_take = {pool.value: _taking(pool.value) for pool in Pool}
_insert = PreparedInsert(Place)


def _give(slot: int, size: int, pool: str) -> None:
    Slot.objects.filter(pk=slot).update(**{f"{pool}_taken": F(f"{pool}_taken") - size})
