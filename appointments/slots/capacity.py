"""The only code that changes a slot's counters: claiming places and giving them back.

A slot has two pools of places, online and desk, each with a counter of places taken. They are claimed by conditional
UPDATE: the database checks the capacity and raises the counter in one statement, so two bookings cannot overbook a slot
(race condition), on PostgreSQL and SQLite alike. Several slots are always claimed in id order, so that two transactions
cannot deadlock.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from appointments.slots import making, unstaffed
from appointments.slots.models import Hold, Place, Slot, SlotGap
from centers.models import Center
from centers.rules.reading import value
from portal.prepared import PreparedInsert, PreparedUpdate
from portal.ui.errors import RuleBroken

Pool = Place.Pool
LONGEST_ITEM = timedelta(hours=4)


class Booking(Protocol):
    """What occupies places. A Protocol, because Appointment lives in a higher layer than slots."""

    pk: int
    resident_id: int
    party_size: int
    places: Any  # its Place rows


class NewPlace(NamedTuple):
    """The fields of a new Place; the others take the model's defaults."""

    slot_id: int
    appointment_id: int
    resident_id: int
    pool: str
    size: int


class SlotFull(RuleBroken):
    """No places are left for the party at this time (code `slot_full`); the page offers alternatives."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("这个时间刚刚被约满了。您填的内容还在，请另选一个时间。"), code="slot_full")


def claim(slots: Sequence[Slot], size: int, pools: Sequence[str], item_code: str = "") -> str:
    """Claim `size` places in every slot, all from the first pool that has enough; returns that pool.

    With `item_code`, the same UPDATE also requires that the slot is staffed for the item.
    Call it inside a transaction, so that a partial claim is rolled back.
    Raises SlotFull, RuleBroken `nobody_for_item`.
    """
    ordered = sorted(slots, key=lambda slot: slot.pk)
    for pool in pools:
        taken = [slot for slot in ordered if _claim_from[pool](slot=slot.pk, size=size, item_code=item_code)]
        if len(taken) == len(ordered):
            return pool
        for slot in taken:
            give_back(slot.pk, size, pool)
    # The UPDATE does not tell why it failed: nobody for the item, or no places left.
    unstaffed.check(ordered, item_code)
    raise SlotFull


def claim_closed(slots: Sequence[Slot], size: int, pool: str) -> None:
    """Claim in slots that are closed, for somebody whom the center opens for on purpose.

    Call it inside a transaction. Raises SlotFull, also where a slot is off the clock's half hours: the steps of the
    grid that it overlaps may have been booked since.
    """
    places, taken = F(f"{pool}_places") - size, f"{pool}_taken"
    for slot in sorted(slots, key=lambda slot: slot.pk):
        room = Slot.objects.filter(pk=slot.pk, starts_at__minute__in=(0, 30), **{f"{taken}__lte": places})
        if not room.update(**{taken: F(taken) + size}):
            raise SlotFull


def occupy(appointment: Booking, slots: Sequence[Slot], pool: str) -> None:
    """Insert the Place rows behind the counters. Raises RuleBroken `already_booked` (unique constraint)."""
    try:
        _insert(
            [NewPlace(slot.pk, appointment.pk, appointment.resident_id, pool, appointment.party_size) for slot in slots]
        )
    except IntegrityError as error:
        raise RuleBroken(
            _("来办的人在这个时间已经约了别的事。请另选一个时间，或者先改原来那个。"), code="already_booked"
        ) from error


def release(appointment: Booking, at: datetime, only: Sequence[int] | None = None) -> int:
    """Release the appointment's places (only in the slots `only`, if given); returns how many Place rows were released.

    Idempotent: each row is released by conditional UPDATE, so a second caller finds nothing to release.
    What then happens to the place, see `free`.
    """
    occupied = appointment.places.filter(released_at__isnull=True).select_related("slot").order_by("slot_id")
    if only is not None:
        occupied = occupied.filter(slot__in=only)
    released = 0
    for place in occupied:
        if Place.objects.filter(pk=place.pk, released_at__isnull=True).update(released_at=at):
            free(place.slot, place.size, place.pool, at)
            released += 1
    return released


def free(slot: Slot, size: int, pool: str, at: datetime) -> None:
    """Give places back to the slot's counter or, if it is full, keep them in a Hold; its counter does not change then.

    A Hold has one or both of two reasons: somebody waits for the place (one of settings.FREED_PLACE_FOLLOWERS, which
    offers it on_commit), and the random cooldown of online places. Without the cooldown somebody could cancel and let
    an accomplice book at that moment.

    In a closed slot nobody can have it; but steps of the grid that it overlaps offered fewer places as long as it was
    taken, and get them back.
    """
    if slot.closed_at:
        give_back(slot.pk, size, pool)
        transaction.on_commit(partial(_make_day, slot), robust=True)
        return
    cooldown = _cooldown(slot, pool, at)
    is_wanted = True in [follow(slot) for follow in _followers()]  # a list: `any` would not call each follower
    if not (cooldown or is_wanted):
        give_back(slot.pk, size, pool)
    elif not _give_back_unless_full(slot.pk, size, pool, at):
        Hold.objects.create(slot=slot, size=size, pool=pool, made_at=at, until=at + cooldown)


def _make_day(slot: Slot) -> None:
    # After the commit: whoever makes slots locks the center before them, and here a slot is locked already (deadlock).
    day = timezone.localdate(slot.starts_at)
    making.make_between(Center.objects.filter(pk=slot.center_id), day, day)


def left(slot: Slot, pool: str) -> int:
    """Free places of one pool, from the slot as it was read: may be stale."""
    return slot.online_free if pool == Pool.ONLINE else slot.desk_free


def _cooldown(slot: Slot, pool: str, at: datetime) -> timedelta:
    """Zero where nobody can book online any more: for the desk's pool, and within the booking lead time."""
    shortest, longest = value("SLOT_HOLD_BACK_SECONDS", slot.center_id)
    too_late = slot.starts_at <= at + timedelta(minutes=value("BOOKING_LEAD_MINUTES", slot.center_id))
    if pool == Pool.DESK or too_late or not longest:
        return timedelta(0)
    return timedelta(seconds=shortest + secrets.randbelow(longest - shortest + 1))


def _followers() -> list[Callable[[Slot], bool]]:
    """Each callable gets the slot with a freed place and returns whether somebody waits for it."""
    return [import_string(path) for path in settings.FREED_PLACE_FOLLOWERS]


def _claim_statement(pool: str) -> PreparedUpdate:
    taken, places = f"{pool}_taken", f"{pool}_places"

    def build(slot: int, size: int, item_code: str):
        unstaffed_slot = SlotGap.objects.filter(slot=OuterRef("pk"), item_code=item_code)
        room = Slot.objects.open().filter(~Exists(unstaffed_slot), **{"pk": slot, f"{taken}__lte": F(places) - size})
        return room, {taken: F(taken) + size}

    return PreparedUpdate(build)


_claim_from = {pool.value: _claim_statement(pool.value) for pool in Pool}
_insert = PreparedInsert(Place, given=NewPlace._fields)


def _give_back_unless_full(slot: int, size: int, pool: str, at: datetime) -> int:
    """Conditional UPDATE of the counter. Changes nothing and returns 0 if the slot is full, open and not begun."""
    taken, places = f"{pool}_taken", f"{pool}_places"
    has_room_or_is_over = Q(**{f"{taken}__lt": F(places)}) | Q(closed_at__isnull=False) | Q(starts_at__lte=at)
    return Slot.objects.filter(has_room_or_is_over, pk=slot).update(**{taken: F(taken) - size})


def give_back(slot: int, size: int, pool: str) -> None:
    Slot.objects.filter(pk=slot).update(**{f"{pool}_taken": F(f"{pool}_taken") - size})
