"""Offering free places to the waiting list, one person at a time, and the periodic job that expires offers.

An entry of the waiting list is waiting, then has an offer, and ends with an outcome. Holds reserve the places of an
offer until it is accepted, declined, revoked, or expires.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from appointments.booking import services as booking
from appointments.booking.limits import check_limits
from appointments.booking.models import Appointment, Channel
from appointments.catalog.offered import check_offered
from appointments.slots import capacity
from appointments.slots.models import Hold, Place, Slot, SlotGap
from appointments.waiting import holds
from appointments.waiting import messages as waiting_messages
from appointments.waiting.models import WaitingEntry
from centers.models import CenterDay
from centers.offer_times import offer_ends
from centers.rules.reading import groups, value
from portal import locking
from portal.notifications import services as notifications
from portal.ui.errors import RuleBroken

Outcome = WaitingEntry.Outcome


def may_need(slot: Slot) -> Q:
    """Condition for entries whose booking may need this slot: it would start here or less than LONGEST_ITEM earlier."""
    first = slot.starts_at - capacity.LONGEST_ITEM
    return Q(center=slot.center_id, slot__starts_at__lte=slot.starts_at, slot__starts_at__gt=first)


def follow(slot: Slot) -> bool:
    """For settings.FREED_PLACE_FOLLOWERS: whether somebody waits for the slot. If so, the place is offered on_commit.

    Not at once: `pass_on` may itself free places (holds.release), which calls this function, and would recurse.
    `robust`, because a failed offer must not fail the request: `sweep` tries again.
    """
    if not WaitingEntry.objects.waiting().filter(may_need(slot)).exists():
        return False
    transaction.on_commit(partial(pass_on, slot.pk), robust=True)
    return True


def pass_on(slot: int, at: datetime | None = None) -> int:
    """Offer the free places of a slot (pk) to the waiting list in order of joining; returns the number of offers.

    First ends the center's offers that are over, all of them: places that come free one by one would go to the parties
    of one, past a couple that waits longer. An entry whose party is too large for now is skipped and keeps its
    position. Then gives back the places whose cooldown is over and which nobody on the waiting list could use.
    """
    at = at or timezone.now()
    _end_offers(Slot.objects.values_list("center", flat=True).get(pk=slot), at)
    offered = 0
    with transaction.atomic():
        # Row locks in id order, against deadlocks. They serialize concurrent runs for a slot; the free places
        # that are read below cannot change until the commit.
        slots = {row.pk: row for row in _lock_slots_around(slot)}
        freed, spare = slots[slot], holds.unassigned_by_slot(slots.values())
        queue = WaitingEntry.objects.waiting().filter(may_need(freed)).for_pages()
        for entry in queue.order_by("joined_at", "pk") if freed.closed_at is None else ():
            # An upper bound: `_offer` checks the pools of the entry's channel and the other slots that it needs.
            room = max(_free_places(freed, pool, spare) for pool in Place.Pool.values)
            if not room:
                break
            if entry.party_size <= room and _offer(entry, freed, slots, spare, at):
                offered += 1
    for hold in holds.unassigned(slot=slot, until__lte=at):
        holds.give_back(hold, at)
    return offered


def _lock_slots_around(slot: int) -> list[Slot]:
    """Lock the slot (SELECT FOR NO KEY UPDATE) and those around it, which a longer item may need as well."""
    freed = Slot.objects.get(pk=slot)
    nearby = Slot.objects.filter(center=freed.center_id).between(
        freed.starts_at - capacity.LONGEST_ITEM, freed.starts_at + capacity.LONGEST_ITEM
    )
    return locking.all_locked(nearby.order_by("pk"), no_key=True)


def _free_places(slot: Slot, pool: str, spare: holds.HoldsBySlot) -> int:
    return capacity.left(slot, pool) + sum(hold.size for hold in spare[slot.pk, pool])


def _offer(entry: WaitingEntry, freed: Slot, slots: dict[int, Slot], spare: holds.HoldsBySlot, at: datetime) -> bool:
    """Hold the places that the entry needs and plan the message; False, with nothing changed, if that is impossible."""
    channel = Channel(entry.channel)
    # Not before the last one was withdrawn: while this run waited for the slots, another may have done that.
    at = max(at, entry.offer_withdrawn_at or at)
    ends = offer_ends(
        timezone.localtime(at),
        entry.slot.starts_at,
        minutes=value("WAITING_OFFER_MINUTES", entry.center_id),
        lead=_lead(channel, entry.center_id),
        quiet=settings.QUIET_HOURS,
    )
    if ends is None:
        return False
    try:
        check_offered(entry.center, entry.item)
        needed = [slots[slot.pk] for slot in booking.staffed_slots_from(slots[entry.slot_id], entry.item, at, channel)]
        check_limits(_appointment_of(entry), timezone.localdate(entry.slot.starts_at), entry.center_id)
    except RuleBroken:
        return False
    # `may_need` assumes the longest item; this one may end before the freed slot.
    if freed not in needed or holds.has_conflict(entry, needed):
        return False
    if not holds.assign(entry, needed, booking.pools_for(channel), spare, at, ends):
        return False
    entry.offered_at, entry.offer_ends_at = at, ends
    is_offered = WaitingEntry.objects.waiting().filter(pk=entry.pk).update(offered_at=at, offer_ends_at=ends)
    if not is_offered:
        # Race condition: the person left in the meantime. The places go to the next entry.
        holds.release([entry], at)
        return False
    notifications.cancel(waiting_messages.subject_of(entry), waiting_messages.TITLES)
    notifications.plan(waiting_messages.after_offering(entry, at))
    return True


def follow_days(rows: list[CenterDay]) -> None:
    """For settings.DAY_FOLLOWERS: entries and offers of slots that are closed or unstaffed now end at once."""
    at, centers = timezone.now(), {row.center_id for row in rows}
    for center in sorted(centers):
        _end_offers(center, at)
    _end_all(_of_closed_slots().filter(center__in=centers), Outcome.CLOSED, at)


def sweep(at: datetime | None = None) -> int:
    """Periodic job (settings.UPKEEP): expire offers, end entries, offer free places. Returns how many changed.

    Idempotent, safe to run concurrently and to interrupt: the offers of a center, and each entry, are a transaction.
    """
    at = at or timezone.now()
    over = _unstaffed_offers() | WaitingEntry.objects.offered().filter(_is_over(at))
    changed = sum(_end_offers(center, at) for center in sorted(set(over.values_list("center", flat=True))))
    changed += _end_all(_of_closed_slots(), Outcome.CLOSED, at)
    changed += _end_all(_too_late_to_offer(at), Outcome.OVER, at)
    changed += _end_all(_already_booked(), Outcome.LEFT, at)
    for slot in sorted(_slots_to_offer(at)):
        changed += pass_on(slot, at)
    return changed


def _slots_to_offer(at: datetime) -> set[int]:
    """Slots with a hold past its cooldown, and future slots with both free places and a waiting list."""
    due = holds.unassigned(until__lte=at).values_list("slot", flat=True)
    return set(due) | set(_free_with_queue(at))


def _free_with_queue(at: datetime):
    """Future slots whose free places no on_commit has offered: new capacity, a reopened slot, a crash before it ran."""
    queue = WaitingEntry.objects.waiting().filter(slot=OuterRef("pk"))
    unassigned = holds.unassigned(slot=OuterRef("pk"))
    room = Q(online_taken__lt=F("online_places")) | Q(desk_taken__lt=F("desk_places")) | Exists(unassigned)
    return Slot.objects.open().filter(room, Exists(queue), starts_at__gt=at).order_by().values_list("pk", flat=True)


def _unstaffed_offers():
    """Open offers with a slot at which nobody on duty handles the item any more."""
    held = Hold.objects.filter(entry=OuterRef(OuterRef("pk")), ended_at__isnull=True).values("slot")
    return WaitingEntry.objects.offered().filter(
        Exists(SlotGap.objects.filter(slot__in=held, item_code=OuterRef("item__code")))
    )


def _of_closed_slots():
    return WaitingEntry.objects.open().filter(slot__closed_at__isnull=False)


def _is_over(at: datetime) -> Q:
    """Of an offer: its time is up, or its slot is closed."""
    return Q(offer_ends_at__lte=at) | Q(slot__closed_at__isnull=False)


def _end_offers(center: int, at: datetime) -> int:
    """End a center's offers that are over, in one transaction, so that all their places are free before any is offered.

    Locks the slots before the entries, as an answer to an offer does.
    """
    offers = WaitingEntry.objects.offered().filter(center=center)
    unstaffed = set(_unstaffed_offers().filter(center=center).values_list("pk", flat=True))
    over = offers.filter(Q(pk__in=unstaffed) | _is_over(at))
    if not over.exists():
        return 0
    with transaction.atomic():
        holds.lock_slots(over.for_pages())
        entries = locking.all_locked(over.for_pages().order_by("pk"), no_key=True)
        for entry in entries:
            # Before it lapses: whose item nobody handles any more has not failed to answer.
            if entry.pk in unstaffed:
                withdrawn = {"offered_at": None, "offer_ends_at": None, "offer_withdrawn_at": at}
                _end_offer(entry, waiting_messages.after_revoking, at, **withdrawn)
            elif entry.slot.closed_at:
                _end_offer(entry, waiting_messages.after_closing, at, ended_at=at, outcome=Outcome.CLOSED)
            else:
                _end_offer(entry, waiting_messages.after_lapse, at, ended_at=at, outcome=Outcome.LAPSED)
        holds.release(entries, at)
    return len(entries)


def _end_offer(entry: WaitingEntry, told: Callable, at: datetime, **changes) -> None:
    WaitingEntry.objects.filter(pk=entry.pk).update(**changes)
    notifications.cancel(waiting_messages.subject_of(entry), waiting_messages.TITLES)
    notifications.plan(told(entry, at))


# None for LEFT: who has booked knows it.
_MESSAGES = {Outcome.CLOSED: waiting_messages.after_closing, Outcome.OVER: waiting_messages.after_waiting_in_vain}


def _end_all(entries, outcome: Outcome, at: datetime) -> int:
    ended = 0
    for entry in entries.for_pages().order_by("pk"):
        with transaction.atomic():
            holds.lock_slots([entry])
            if not WaitingEntry.objects.open().filter(pk=entry.pk).update(ended_at=at, outcome=outcome):
                continue
            holds.release([entry], at)
            notifications.cancel(waiting_messages.subject_of(entry), waiting_messages.TITLES)
            if outcome in _MESSAGES:
                notifications.plan(_MESSAGES[outcome](entry, at))
            ended += 1
    return ended


def _too_late_to_offer(at: datetime):
    """Entries too late for any offer: the slot has started or, online, starts within the booking lead time."""
    by_staff = Q(channel__in=Channel.by_staff())
    too_soon = Q()
    for minutes, where in groups("BOOKING_LEAD_MINUTES", "center__division__code"):
        too_soon |= Q(where, slot__starts_at__lte=at + timedelta(minutes=minutes))
    return WaitingEntry.objects.waiting().filter(Q(by_staff, slot__starts_at__lte=at) | Q(~by_staff & too_soon))


def _already_booked():
    """Entries of people who have booked the slot in the meantime, but not through an offer."""
    booked = Place.objects.filter(slot=OuterRef("slot"), resident=OuterRef("resident"), released_at__isnull=True)
    return WaitingEntry.objects.waiting().filter(Exists(booked))


def _appointment_of(entry: WaitingEntry) -> Appointment:
    """Unsaved, to check the booking limits."""
    return Appointment(resident=entry.resident, phone=entry.phone, channel=entry.channel)


def _lead(channel: Channel, center: int) -> timedelta:
    """Booking lead time: how long before the start a booking must be made; zero for staff."""
    return timedelta(minutes=0 if channel in Channel.by_staff() else value("BOOKING_LEAD_MINUTES", center))
