"""Lifecycle of Holds. One is reserved for an offer or unassigned, and ends exactly once: accepted, offered, given back.

The slot's counter includes a Hold until it ends, so its places cannot be booked twice. Whoever ends the row (a
conditional UPDATE on `ended_at`) decides what happens with its places; a concurrent caller updates no row.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from appointments.slots import capacity
from appointments.slots.capacity import SlotFull
from appointments.slots.models import Hold, Place, Slot
from appointments.waiting.models import WaitingEntry
from portal import locking

HoldsBySlot = dict[tuple[int, str], list[Hold]]  # unassigned holds, by slot id and pool


def unassigned(**which) -> QuerySet[Hold]:
    """Open holds without an offer: still in their cooldown, or past it and due to be offered or given back."""
    return Hold.objects.filter(entry__isnull=True, ended_at__isnull=True, **which)


def unassigned_by_slot(slots: Iterable[Slot]) -> HoldsBySlot:
    """Read once in each run of `pass_on`, under the slots' row locks: places freed meanwhile get a run of their own."""
    spare = defaultdict(list)
    for hold in unassigned(slot__in=slots).order_by("pk"):
        spare[hold.slot_id, hold.pool].append(hold)
    return spare


def assign(
    entry: WaitingEntry, slots: Sequence[Slot], pools: Sequence[str], spare: HoldsBySlot, at: datetime, until: datetime
) -> bool:
    """Reserve `slots` for an entry, all in one pool, from unassigned holds and free places; False if there are too few.

    Call it inside a transaction with the slots' rows locked. Updates `spare` to the holds that are left. Before its
    cooldown ends, a hold may only go to somebody who was on the waiting list when the place was freed: joining
    afterwards must not bypass the cooldown.
    """

    def may_use(hold: Hold) -> bool:
        return hold.until <= at or hold.made_at >= entry.joined_at

    for pool in pools:
        usable = {slot.pk: [hold for hold in spare[slot.pk, pool] if may_use(hold)] for slot in slots}
        room = [sum(hold.size for hold in usable[slot.pk]) + capacity.left(slot, pool) for slot in slots]
        if min(room) >= entry.party_size:
            for slot in slots:
                _assign_one(entry, slot, pool, usable[slot.pk], spare[slot.pk, pool], at, until)
            return True
    return False


def _assign_one(
    entry: WaitingEntry, slot: Slot, pool: str, usable: list[Hold], spare: list[Hold], at: datetime, until: datetime
) -> None:
    """Uses unassigned holds first, then free places. A hold that is too large is split; the rest keeps its cooldown."""
    missing = entry.party_size
    for hold in usable:
        if missing <= 0:
            break
        if not unassigned(pk=hold.pk).update(ended_at=at):
            raise SlotFull  # race condition: given back since it was read
        spare.remove(hold)
        if (rest := hold.size - missing) > 0:
            spare.append(Hold.objects.create(slot=slot, pool=pool, size=rest, made_at=hold.made_at, until=hold.until))
        missing -= hold.size
    if missing > 0:
        capacity.claim([slot], missing, [pool])
        slot.refresh_from_db(fields=["online_taken", "desk_taken"])
    Hold.objects.create(slot=slot, pool=pool, size=entry.party_size, entry=entry, made_at=at, until=until)


def lock_slots(entries: Iterable[WaitingEntry]) -> None:
    """Lock every slot that is or may be held for these entries. Call it before the entries change.

    Whoever closes a time or offers a place of it locks the slots before the entries: otherwise the two can deadlock.
    """
    needed = Q(pk__in=[])
    for entry in entries:
        first = entry.slot.starts_at
        needed |= Q(center=entry.slot.center_id, starts_at__gte=first, starts_at__lt=first + capacity.LONGEST_ITEM)
    locking.lock(Slot, Slot.objects.filter(needed).values_list("pk", flat=True), no_key=True)


def convert(entry: WaitingEntry, at: datetime, slots: Sequence[Slot]) -> str:
    """End the holds of an accepted offer without changing the counters: Places replace them. Returns their pool.

    Raises SlotFull when they do not match the slots that the item needs now.
    """
    held = list(Hold.objects.filter(entry=entry, ended_at__isnull=True))
    ended = Hold.objects.filter(pk__in=[hold.pk for hold in held], ended_at__isnull=True).update(ended_at=at)
    if ended != len(slots) or {hold.slot_id for hold in held} != {slot.pk for slot in slots}:
        raise SlotFull
    return held[0].pool


def release(entries: Iterable[WaitingEntry], at: datetime) -> None:
    """End the holds of offers without a booking: the next entry gets the places, or everybody after the cooldown."""
    held = Hold.objects.filter(entry__in=list(entries), ended_at__isnull=True).select_related("slot")
    for hold in held.order_by("slot_id", "pk"):
        if Hold.objects.filter(pk=hold.pk, ended_at__isnull=True).update(ended_at=at):
            capacity.free(hold.slot, hold.size, hold.pool, at)


def give_back(hold: Hold, at: datetime) -> bool:
    """Give an unassigned hold's places back to the counter. False if somebody else ended it first (race condition)."""
    with transaction.atomic():
        # The slot before the hold, as `offers.pass_on` locks them: otherwise the two can deadlock.
        locking.lock(Slot, [hold.slot_id], no_key=True)
        if not unassigned(pk=hold.pk).update(ended_at=at):
            return False
        capacity.give_back(hold.slot_id, hold.size, hold.pool)
    return True


def has_conflict(entry: WaitingEntry, slots: list[Slot]) -> bool:
    """Whether the person already has a booking or another offer in one of these slots."""
    pks = [slot.pk for slot in slots]
    booked = Place.objects.filter(slot__in=pks, resident=entry.resident_id, released_at__isnull=True)
    offered = Hold.objects.filter(slot__in=pks, entry__resident=entry.resident_id, ended_at__isnull=True)
    return booked.exists() or offered.exists()
