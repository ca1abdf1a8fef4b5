"""What becomes of a Hold: offered to somebody, taken by them, passed on, or given back. Each ends once.

The counter of a slot counts a Hold as taken from its first moment to its last, so nothing here can be sold twice:
whoever ends a row by conditional UPDATE decides what happens with its places, and nobody else does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from appointments.slots import capacity
from appointments.slots.capacity import SlotFull
from appointments.slots.models import Hold, Place, Slot
from appointments.waiting.models import WaitingEntry

Stock = dict[tuple[int, str], list[Hold]]  # what is held back, by slot and pool


def unassigned(**which) -> QuerySet[Hold]:
    return Hold.objects.filter(entry__isnull=True, ended_at__isnull=True, **which)


def stock_of(slots: Iterable[Slot]) -> Stock:
    """Read once, under the lock: what is freed while it is dealt out waits for its own turn, or the line would jump."""
    stock = defaultdict(list)
    for hold in unassigned(slot__in=slots).order_by("pk"):
        stock[hold.slot_id, hold.pool].append(hold)
    return stock


def assign(
    entry: WaitingEntry, slots: Sequence[Slot], pools: Sequence[str], stock: Stock, at: datetime, until: datetime
) -> bool:
    """Hold `slots` for an entry, from what is in stock and from what is free; False when it is too little.

    Inside a transaction, with the rows of the slots locked. A place that is held back goes only to somebody who was
    in line when it was freed: joining quickly must not be a way around the wait.
    """

    def is_theirs(hold: Hold) -> bool:
        return hold.until <= at or hold.made_at >= entry.joined_at

    for pool in pools:
        kept = {slot.pk: [hold for hold in stock[slot.pk, pool] if is_theirs(hold)] for slot in slots}
        room = [sum(hold.size for hold in kept[slot.pk]) + capacity.left(slot, pool) for slot in slots]
        if min(room) >= entry.party_size:
            for slot in slots:
                _assign_one(entry, slot, pool, kept[slot.pk], stock[slot.pk, pool], at, until)
            return True
    return False


def _assign_one(
    entry: WaitingEntry, slot: Slot, pool: str, kept: list[Hold], stock: list[Hold], at: datetime, until: datetime
) -> None:
    """First what is held back, then free places; what is more than needed stays held back as it was."""
    missing = entry.party_size
    for hold in kept:
        if missing <= 0:
            break
        if not unassigned(pk=hold.pk).update(ended_at=at):
            raise SlotFull
        stock.remove(hold)
        if (rest := hold.size - missing) > 0:
            left = Hold.objects.create(slot=slot, pool=pool, size=rest, made_at=hold.made_at, until=hold.until)
            stock.append(left)
        missing -= hold.size
    if missing > 0:
        capacity.claim([slot], missing, [pool])
        slot.refresh_from_db(fields=["online_taken", "desk_taken"])
    Hold.objects.create(slot=slot, pool=pool, size=entry.party_size, entry=entry, made_at=at, until=until)


def turn(entry: WaitingEntry, at: datetime, slots: Sequence[Slot]) -> str:
    """End the holds of an accepted offer without giving them back: they become Places. Returns their pool.

    Raises SlotFull when they are not what the item needs now.
    """
    held = list(Hold.objects.filter(entry=entry, ended_at__isnull=True))
    ended = Hold.objects.filter(pk__in=[hold.pk for hold in held], ended_at__isnull=True).update(ended_at=at)
    if ended != len(slots) or {hold.slot_id for hold in held} != {slot.pk for slot in slots}:
        raise SlotFull
    return held[0].pool


def let_go(entry: WaitingEntry, at: datetime) -> None:
    """What was offered and not taken is free again: for the next in line, or for everybody after a while."""
    for hold in Hold.objects.filter(entry=entry, ended_at__isnull=True).select_related("slot").order_by("slot_id"):
        if Hold.objects.filter(pk=hold.pk, ended_at__isnull=True).update(ended_at=at):
            capacity.free(hold.slot, hold.size, hold.pool, at)


def give_back(hold: Hold, at: datetime) -> bool:
    """To everybody. False when somebody else was faster: then it is theirs, or given back already."""
    with transaction.atomic():
        if not unassigned(pk=hold.pk).update(ended_at=at):
            return False
        capacity.give_back(hold.slot_id, hold.size, hold.pool)
    return True


def is_there(entry: WaitingEntry, slots: list[Slot]) -> bool:
    """The person has booked, or is being offered, something else in one of these slots."""
    pks = [slot.pk for slot in slots]
    booked = Place.objects.filter(slot__in=pks, resident=entry.resident_id, released_at__isnull=True)
    offered = Hold.objects.filter(slot__in=pks, entry__resident=entry.resident_id, ended_at__isnull=True)
    return booked.exists() or offered.exists()
